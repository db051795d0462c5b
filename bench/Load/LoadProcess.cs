using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Shortline.Bench.Udp;

namespace Shortline.Bench.Load;

/// <summary>The load generator. A hidden verb runs it in a process of its own, which prints a <see cref="LoadResult"/> as JSON.</summary>
internal static class LoadProcess
{
    internal const string Verb = "load";

    /// <summary>Measures a target with a load generator in a process of its own.</summary>
    internal static async Task<LoadResult> MeasureAsync(
        RunningTarget target,
        int outstanding,
        int peers,
        TimeSpan warmUp,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        int[] numbers =
        [
            target.Port,
            outstanding,
            peers,
            (int)warmUp.TotalMilliseconds,
            (int)duration.TotalMilliseconds,
            .. target.Processes.Select(process => process.Id),
        ];
        using var process = ChildProcess.StartSelf([Verb, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))]);
        var output = await process.ReadToEndAsync(cancellationToken);
        return JsonSerializer.Deserialize<LoadResult>(output)!;
    }

    internal static int Run(string[] arguments)
    {
        int[] numbers = [.. arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        var target = numbers[5..].Select(Process.GetProcessById).ToArray();
        using var peers = new LoadPeers(numbers[2]);
        var loop = new ClosedLoop(peers, new IPEndPoint(IPAddress.Loopback, numbers[0]), numbers[1]);
        var result = loop.Run(TimeSpan.FromMilliseconds(numbers[3]), TimeSpan.FromMilliseconds(numbers[4]), target);
        Console.WriteLine(JsonSerializer.Serialize(result));
        return 0;
    }
}
