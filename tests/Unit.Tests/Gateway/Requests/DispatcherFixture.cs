using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shortline.Balancing.Choosing;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Gateway.HandOver;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>A dispatcher with fake servers, without sockets, threads or real time.</summary>
internal sealed class DispatcherFixture
{
    /// <summary>The silo that a gateway with <see cref="Local"/> servers is in.</summary>
    public const string OwnSilo = "own";

    private const double SweepMs = 10;

    private readonly Dictionary<string, FakeServer> _servers = [];
    private long _version;

    /// <summary>A dispatcher with servers that allocate nothing.</summary>
    public DispatcherFixture(FrugalServer[] servers, RecordingTransport transport)
        : this(new LoadBalancerSettings(), transport, (id, _) => servers.Single(server => server.Id == id)) =>
        RankAs([.. servers.Select(server => server.Report())]);

    /// <summary>A dispatcher with servers on a silo that takes requests for all of them together.</summary>
    public DispatcherFixture(
        string silo, int servers, LoadBalancerSettings? settings = null, int shards = 1, Func<IGatewayObserver, LinkOffer?>? onOffer = null)
        : this(settings ?? new LoadBalancerSettings(), new RecordingTransport(), null, shards: shards, hasIntake: true)
    {
        Intake!.OnOffer = onOffer;
        for (var i = 0; i < servers; i++)
            AddServer(silo);
        Rank();
    }

    public DispatcherFixture(int servers = 2, LoadBalancerSettings? settings = null, bool isOfOneServer = false, bool isInSilo = false, int shards = 1)
        : this(settings ?? new LoadBalancerSettings(), new RecordingTransport(), null, isOfOneServer, isInSilo, shards)
    {
        for (var i = 0; i < servers; i++)
        {
            AddServer(isInSilo ? OwnSilo : "");
        }

        Rank();
    }

    private DispatcherFixture(LoadBalancerSettings settings, RecordingTransport transport, Func<string, string, IServerGrain>? grainOf, bool isOfOneServer = false,
        bool isInSilo = false, int shards = 1, bool hasIntake = false)
    {
        Intake = hasIntake ? new FakeIntake(id => _servers[id]) : null;
        Local = isInSilo ? new FakeLocalServers(id => _servers[id]) : null;
        Transport = transport;
        var observer = new GatewayObserver();
        Dispatcher = new Dispatcher(
            new DispatcherParts
            {
                GatewayId = "test",
                Settings = settings,
                Time = Time,
                Random = new Random(1),
                GrainOf = grainOf ?? ((id, silo) => _servers.Values.Last(server => server.Id == id && server.Silo == silo)),
                IntakeOf = hasIntake ? _ => Intake! : null,
                SiloAddress = isInSilo ? OwnSilo : null,
                LocalServers = Local,
                Self = () => observer,
                IsOfOneServer = isOfOneServer,
                Shards = shards,
                Log = NullLogger.Instance,
                ServersUnreachable = () => UnreachableCalls++,
            },
            Transport);
        observer.Dispatcher = Dispatcher;
        Transport.BeforeSend = () => Assert.False(Dispatcher.HoldsLock, "a system call is made under a lock");
    }

    /// <summary>The servers of the gateway's silo; null if it is in none.</summary>
    public FakeLocalServers? Local { get; }

    /// <summary>What takes requests for several servers at once; null if each gets its own calls.</summary>
    public FakeIntake? Intake { get; }

    public FakeTimeProvider Time { get; } = new();

    public RecordingTransport Transport { get; }

    public Dispatcher Dispatcher { get; }

    public int UnreachableCalls { get; private set; }

    /// <summary>The algorithm that rankings name.</summary>
    public string Algorithm { get; init; } = BalancingPolicies.ShortestQueue;

    /// <summary>The number of gateways that rankings name.</summary>
    public int Gateways { get; init; } = 1;

    public FakeServer this[int server] => _servers[server.ToString()];

    public IEnumerable<FakeServer> Servers => _servers.Values;

    public FakeServer AddServer(string silo = "")
    {
        var id = _servers.Count.ToString();
        return _servers[id] = new FakeServer(id, silo);
    }

    /// <summary>Replaces a server by a later one with the same id on another silo.</summary>
    public FakeServer MoveServer(int server, string silo)
    {
        var former = this[server];
        return _servers[former.Id] = new FakeServer(former.Id, silo) { Incarnation = former.Incarnation + 1 };
    }

    /// <summary>Publishes a ranking of all servers except these.</summary>
    public void Rank(params int[] without)
    {
        RankAs([.. _servers.Where(server => !without.Contains(int.Parse(server.Key))).Select(server => server.Value.Report())]);
    }

    public void RankAs(params ServerResponse[] reports) => Dispatcher.OnRanking(new ServerRanking
    {
        Version = ++_version,
        Servers = [.. reports],
        GatewayCount = Gateways,
        Algorithm = Algorithm,
    });

    public void Send(string datagram, int port = 40000) => Send(new DatagramList().Add(datagram, port));

    public void Send(DatagramList datagrams) => Dispatcher.OnRequests(datagrams, datagrams.Count, Dispatcher.RentOutgoing());

    /// <summary>Sends an echo request of client 1000.</summary>
    public void Echo(string id, int timeoutMs = 1000, bool idempotent = true) => Send(EchoText(id, timeoutMs, idempotent));

    /// <summary>Sends an echo request while all other servers drain, so that it goes to this server.</summary>
    public void EchoTo(FakeServer server, string id, int timeoutMs = 1000, bool idempotent = true)
    {
        RankAs([.. _servers.Values.Select(each => each.Report(each == server ? ServerStatus.Ready : ServerStatus.Draining))]);
        Echo(id, timeoutMs, idempotent);
        Rank();
    }

    public static string EchoText(string id, int timeoutMs = 1000, bool idempotent = true) =>
        $$"""{"id":"{{id}}","client_id":1000,"operation":"echo","payload":{"of":"{{id}}"},"timeout_ms":{{timeoutMs}},"idempotent":{{(idempotent ? "true" : "false")}}}""";

    /// <summary>Ends a call and runs its continuations before it returns.</summary>
    public static void Complete<T>(TaskCompletionSource<T> call, T result)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        call.SetResult(result);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    /// <summary>Lets time pass, with a sweep every 10 ms as in a gateway.</summary>
    public void Advance(double milliseconds)
    {
        for (var left = milliseconds; left > 0; left -= SweepMs)
        {
            Sleep(Math.Min(left, SweepMs));
        }
    }

    /// <summary>Lets time pass with one sweep at the end, as if the gateway's process had been suspended.</summary>
    public void Sleep(double milliseconds)
    {
        Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Dispatcher.Sweep();
    }
}
