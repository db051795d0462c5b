using System.Collections.Concurrent;
using System.Text;
using Orleans.TestingHost;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;
using Shortline.Unit.Tests.Grains.Servers;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Fleet;

/// <summary>The pool of one test on silos with the grains of a fleet, and an observer that represents a gateway.</summary>
internal sealed class ControlCluster(ControlSilos silos, string pool, TaskCompletionSource stuck, bool ownsSilos) : IAsyncDisposable
{
    private readonly Gateway _gateway = new();

    /// <summary>Settings with short intervals and windows, so that a fleet grows and shrinks within a test.</summary>
    public static ShortlineSettings ShortIntervals { get; } = new()
    {
        Server = new() { Count = 1, MaxCount = 8, MaxPerSilo = 8, QueueUpdateInterval = 0.2, HungAfterMs = 50, DrainTimeoutMs = 5000 },
        LoadBalancer = new() { ServerScalingThreshold = 5, RefreshIntervalMs = 200 },
        Controller = new() { IntervalMs = 50, StableWindowMs = 400, PanicWindowMs = 100 },
    };

    public InProcessTestCluster Silos => silos.Silos;

    /// <summary>Makes calls to grains fail.</summary>
    public CallFaults Faults => silos.Faults;

    /// <summary>The log lines of the silos.</summary>
    public RecordingLog Log => silos.Log;

    /// <summary>The grain that manages the external servers of the pool.</summary>
    public IExternalServersGrain External => Silos.Client.GetGrain<IExternalServersGrain>(pool);

    public IControllerGrain Controller => Silos.Client.GetGrain<IControllerGrain>(pool);

    public IBalancerGrain Balancer => Silos.Client.GetGrain<IBalancerGrain>(pool);

    /// <summary>The rankings that were pushed, each as a whole, in the order of their versions.</summary>
    public IReadOnlyList<ServerRanking> Pushed => _gateway.Rankings;

    public int Answered => _gateway.Answered;

    /// <summary>Starts silos for one test.</summary>
    public static async Task<ControlCluster> Start(ShortlineSettings settings, short silos = 1)
    {
        var own = new ControlSilos(settings, silos);
        await own.InitializeAsync();
        return own.NewPool(ownsSilos: true);
    }

    /// <summary>Activates the controller, without waiting for servers.</summary>
    public Task StartController() => Controller.EnsureStarted(Silos.Silos[0].SiloAddress.ToString());

    /// <summary>Starts the pool as a silo does, and waits for its servers.</summary>
    public async Task StartFleet()
    {
        await Controller.EnsureStarted(Silos.Silos[0].SiloAddress.ToString());
        await Eventually.True(
            async () => await Controller.GetStatus() is var status && status.Servers.Count(s => s.Status == ServerStatus.Ready) >= status.Minimum,
            "the first servers are started");
    }

    /// <summary>A server of the first silo.</summary>
    public IServerGrain Server(string id) => Server(id, Silos.Silos[0].SiloAddress.ToString());

    public IServerGrain Server(string id, string siloAddress) => Silos.Client.GetGrain<IServerGrain>(ServerKey.Of(pool, id, siloAddress));

    public async Task<ServerRanking> Refresh(string gatewayId = "g", long version = 0, params string[] unreachable) =>
        _gateway.Returned(await Balancer.Refresh(
            new GatewayReport { GatewayId = gatewayId, RankingVersion = version, Unreachable = [.. unreachable] },
            Silos.Client.CreateObjectReference<IGatewayObserver>(_gateway)));

    /// <summary>Sends requests that stay at the server until <see cref="Release"/>.</summary>
    public async Task Occupy(string serverId, int requests, int timeLeftMs = 60_000, string? siloAddress = null)
    {
        var operation = Encoding.UTF8.GetBytes("1stick");
        var batch = new RequestBatch
        {
            GatewayId = "g",
            Bytes = operation,
            Requests = Enumerable.Range(0, requests).Select(ticket => new ClientRequest
            {
                Ticket = ticket,
                Offset = 0,
                IdLength = 1,
                OperationLength = operation.Length - 1,
                PayloadLength = 0,
                TimeLeftMs = timeLeftMs,
            }).ToArray(),
        };
        await Server(serverId, siloAddress ?? Silos.Silos[0].SiloAddress.ToString()).Submit(batch, Silos.Client.CreateObjectReference<IGatewayObserver>(_gateway));
    }

    /// <summary>Returns the ids of the servers that a silo lists for a pool; by default for this pool.</summary>
    public async Task<List<string>> ServersOf(string siloAddress, string? ofPool = null) =>
        [.. (await Silos.Client.GetGrain<ISiloServersGrain>($"{ofPool ?? pool}@{siloAddress}").GetServers()).Order()];

    /// <summary>The events of the fleet, one on each line.</summary>
    public async Task<string> Events() => string.Join('\n', (await Controller.GetStatus()).Events.Select(e => $"{e.At:HH:mm:ss.fff} {e.Text}"));

    public void Release() => stuck.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        if (ownsSilos)
            await silos.DisposeAsync();
    }

    private sealed class Gateway : IGatewayObserver
    {
        private int _answered;

        private readonly ConcurrentQueue<ServerRanking> _pushes = [];
        private readonly ConcurrentQueue<ServerRanking> _answers = [];

        /// <summary>The pushes up to the first one that has not arrived yet.</summary>
        public IReadOnlyList<ServerRanking> Rankings
        {
            get
            {
                List<ServerRanking> rankings = [];
                var known = new Dictionary<string, ServerResponse>(StringComparer.Ordinal);
                long version = 0;
                foreach (var push in _pushes.Concat(_answers).OrderBy(push => push.Version).ThenBy(push => push.Since))
                {
                    if (push.Since == 0)
                        known.Clear();
                    else if (push.Since == push.Version || push.Version == version)
                        continue;
                    else if (push.Since != version)
                        break;

                    foreach (var ended in push.Ended)
                        known.Remove(ended.Identity);
                    foreach (var server in push.Servers)
                        known[server.Identity] = server;
                    version = push.Version;
                    if (_pushes.Contains(push))
                        rankings.Add(push with { Since = 0, Servers = [.. known.Values], Ended = [] });
                }

                return rankings;
            }
        }

        /// <summary>Records a ranking that the balancer has returned.</summary>
        public ServerRanking Returned(ServerRanking ranking)
        {
            _answers.Enqueue(ranking);
            return ranking;
        }

        public int Answered => Volatile.Read(ref _answered);

        public Task OnResponses(ResponseBatch responses)
        {
            Interlocked.Add(ref _answered, responses.Responses.Length);
            return Task.CompletedTask;
        }

        public Task OnRanking(ServerRanking ranking)
        {
            _pushes.Enqueue(ranking);
            return Task.CompletedTask;
        }
    }
}
