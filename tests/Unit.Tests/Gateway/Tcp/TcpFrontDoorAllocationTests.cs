using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Balancing.Choosing;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp;
using Shortline.GrainInterfaces.Fleet;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway.Tcp;

/// <summary>
/// Counts the allocations of all threads, because any pool thread may read and write a connection. No other test runs at the same time, but
/// code that earlier tests have left running may allocate, so the least of several counts is what a request needs.
/// </summary>
[Collection(nameof(TcpFrontDoorAllocationTests))]
[CollectionDefinition(nameof(TcpFrontDoorAllocationTests), DisableParallelization = true)]
public sealed class TcpFrontDoorAllocationTests
{
    private const int Lines = 64;
    private const int Rounds = 300;

    /// <summary>Timers and the thread pool may allocate meanwhile: less than a byte per request.</summary>
    private const long Limit = Rounds * Lines;

    [Fact]
    public void A_request_over_TCP_allocates_nothing()
    {
        var settings = new LoadBalancerSettings { DedupeLimit = 1000 };
        var connections = new TcpConnections(limit: 4);
        using var door = new TcpFrontDoor(new IPEndPoint(IPAddress.Loopback, 0), connections, settings, TimeProvider.System, NullLogger.Instance);
        var services = new TcpServices(Dispatcher(settings, connections));
        door.Start(() => services);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000 };
        client.Connect(door.LocalEndPoint);
        var lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Lines).Select(i => $"{{\"id\":{10_000_000 + i},\"operation\":\"echo\",\"payload\":\"hello\"}}\n")));
        var answers = new byte[64 * 1024];

        // Warms up: pools grow and code is compiled.
        Ask(client, lines, answers, Rounds);
        var allocated = long.MaxValue;
        for (var i = 0; i < 50 && allocated > Limit; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Ask(client, lines, answers, Rounds);
            allocated = Math.Min(allocated, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.InRange(allocated, 0, Limit);
    }

    private static Dispatcher Dispatcher(LoadBalancerSettings settings, TcpConnections connections)
    {
        var server = new FrugalServer("0");
        var observer = new GatewayObserver();
        var dispatcher = new Dispatcher(
            new DispatcherParts
            {
                GatewayId = "test",
                Settings = settings,
                Time = TimeProvider.System,
                Random = new Random(1),
                GrainOf = (_, _) => server,
                Self = () => observer,
                Connections = connections,
                Log = NullLogger.Instance,
            },
            transport: null);
        dispatcher.OnRanking(new ServerRanking { Version = 1, Servers = [server.Report()], GatewayCount = 1, Algorithm = BalancingPolicies.ShortestQueue });
        return dispatcher;
    }

    private static void Ask(Socket client, byte[] lines, byte[] answers, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            Renumber(lines);
            client.Send(lines);
            for (var answered = 0; answered < Lines;)
                answered += answers.AsSpan(0, client.Receive(answers)).Count((byte)'\n');
        }
    }

    /// <summary>Gives the requests new ids, so that the gateway does not treat them as repeats.</summary>
    private static void Renumber(byte[] lines)
    {
        for (var start = 0; start < lines.Length; start += lines.AsSpan(start).IndexOf((byte)'\n') + 1)
        {
            var digits = lines.AsSpan(start + 6, 8);
            var id = int.Parse(digits, CultureInfo.InvariantCulture) + Lines;
            id.TryFormat(digits, out _, provider: CultureInfo.InvariantCulture);
        }
    }
}
