using System.Net;
using Shortline.System.Tests.Processes;
using Shortline.TestAddresses;

namespace Shortline.System.Tests.Udp;

/// <summary>
/// A gateway that listens on every address of its machine, and clients whose sockets receive answers only from the address that they ask.
/// </summary>
public sealed class SeveralAddressesTests
{
    private const string Echo = """{"id":"1","operation":"echo","payload":"hi","timeout_ms":10000}""";

    private static readonly string[] IPv4 = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];

    [SeveralAddressesFact]
    public async Task A_gateway_on_every_IPv4_address_answers_from_the_address_that_was_asked()
    {
        await using var fleet = await Fleet.Start("--load_balancer:address=0.0.0.0");

        await AssertAnswered(fleet, IPv4);
    }

    [SeveralAddressesFact(NeedsIPv6 = true)]
    public async Task A_gateway_on_every_address_answers_IPv6_and_IPv4_over_UDP_and_TCP_and_says_so()
    {
        await using var fleet = await Fleet.Start("--load_balancer:address=::");
        var port = fleet.Gateway.Port;
        await fleet.Silo.WaitForLine($"[::]:{port} stands for every address of this machine: IPv4 is served too");

        await AssertAnswered(fleet, ["::1", .. IPv4]);
        foreach (var target in (string[])[$"127.0.0.2:{port}", $"[::1]:{port}"])
        {
            await using var client = fleet.Run(ProgramFile.Client, "ask", "--tcp", "--gateway", target, Echo);
            Assert.True(await client.WaitForExit() == 0, $"{target}: {client.Describe()}");
            Assert.Contains("\"ok\"", client.Output, StringComparison.Ordinal);
        }

        // An invalid datagram is logged with the address of its sender.
        using var socket = new PlainSocket(new IPEndPoint(IPAddress.Parse("127.0.0.3"), port));
        await socket.Ask("garbage");
        await fleet.Silo.WaitForLine("Invalid request (not_json) from 127.0.0.1:");
    }

    private static async Task AssertAnswered(Fleet fleet, params IEnumerable<string> addresses)
    {
        await fleet.Silo.WaitForLine("server 0 is started");
        foreach (var address in addresses)
        {
            using var socket = new PlainSocket(new IPEndPoint(IPAddress.Parse(address), fleet.Gateway.Port));
            Assert.Equal("ok", (await socket.AskJson(Echo)).GetProperty("status").GetString());

            // The server has this one for a while, so the gateway remembers where the request came from.
            var later = await socket.AskJson("""{"id":"2","operation":"compute","payload":{"seconds":0.05},"timeout_ms":10000}""");
            Assert.Equal("ok", later.GetProperty("status").GetString());
        }
    }
}
