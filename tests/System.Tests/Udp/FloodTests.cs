using System.Diagnostics;
using System.Text.RegularExpressions;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Udp;

public sealed partial class FloodTests
{
    private const int Datagrams = 6000;

    [Fact]
    public async Task A_flood_of_garbage_harms_no_request_and_does_not_fill_the_log()
    {
        await using var fleet = await Fleet.Start();
        await using var client = fleet.Client("--requests", "1000", "--rate", "500", "--clients", "2");
        await client.WaitForLine("2 clients to ");
        var started = Stopwatch.GetTimestamp();

        var flood = Task.Run(() => Flood(fleet));
        var code = await client.WaitForExit();
        await flood;

        Assert.True(code == 0, client.Describe());
        await fleet.Silo.WaitForLine("Invalid request (not_json)");
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        foreach (var reason in Reasons().Matches(fleet.Silo.Error).GroupBy(match => match.Value, StringComparer.Ordinal))
            Assert.True(reason.Count() <= seconds + 2, $"{reason.Count()} lines of {reason.Key} in {seconds:F1} s.\n{fleet.Silo.Describe()}");
    }

    private static void Flood(Fleet fleet)
    {
        using var socket = new PlainSocket(fleet.Gateway);
        byte[][] garbage = [[], "garbage"u8.ToArray(), [0xff, 0xfe], "[]"u8.ToArray(), """{"id":true}"""u8.ToArray(), new byte[2000]];
        for (var i = 0; i < Datagrams; i++)
            socket.Send(garbage[i % garbage.Length]);
    }

    [GeneratedRegex(@"Invalid request \(\w+\)", RegexOptions.None, 1000)]
    private static partial Regex Reasons();
}
