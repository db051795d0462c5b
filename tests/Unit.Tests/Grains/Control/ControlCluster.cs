using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.TestingHost;
using Shortline.GrainInterfaces;
using Shortline.Grains;
using Shortline.Hosting;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Control;

/// <summary>Silos in this process with the three grains, and one that plays the gateway.</summary>
internal sealed class ControlCluster : IAsyncDisposable
{
    private const string Pool = "default";

    private readonly InProcessTestCluster _cluster;
    private readonly TaskCompletionSource _stuck = new();
    private readonly Gateway _gateway = new();

    private ControlCluster(InProcessTestCluster cluster) => _cluster = cluster;

    /// <summary>Small windows, so that a fleet grows and shrinks within a test.</summary>
    public static ShortlineSettings Quick { get; } = new()
    {
        Server = new() { Count = 1, MaxCount = 8, MaxPerSilo = 8, QueueUpdateInterval = 0.2, HungAfterMs = 50, DrainTimeoutMs = 5000 },
        LoadBalancer = new() { ServerScalingThreshold = 5, RefreshIntervalMs = 200 },
        Controller = new() { IntervalMs = 50, StableWindowMs = 400, PanicWindowMs = 100 },
    };

    public InProcessTestCluster Silos => _cluster;

    public IControllerGrain Controller => _cluster.Client.GetGrain<IControllerGrain>(Pool);

    public IBalancerGrain Balancer => _cluster.Client.GetGrain<IBalancerGrain>(Pool);

    public IReadOnlyCollection<ServerRanking> Pushed => _gateway.Rankings;

    public int Answered => _gateway.Answered;

    public static async Task<ControlCluster> Start(ShortlineSettings settings, short silos = 1)
    {
        ControlCluster? made = null;
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage("shortline");
            silo.Services.AddShortlineGrains(settings);
            silo.Services.AddWorkHandler("stick", async (_, _, _) =>
            {
                await made!._stuck.Task;
                return WorkOutcome.Ok;
            });
        });
        made = new ControlCluster(builder.Build());
        await made._cluster.DeployAsync();
        return made;
    }

    /// <summary>Starts the pool as a silo does, and waits for its servers.</summary>
    public async Task StartFleet()
    {
        await Controller.EnsureStarted(_cluster.Silos[0].SiloAddress.ToString());
        await Eventually.True(
            async () => await Controller.GetStatus() is var status && status.Servers.Count(s => s.Status == ServerStatus.Ready) >= status.Minimum,
            "the first servers are started");
    }

    /// <summary>A server of the first silo.</summary>
    public IServerGrain Server(string id) => Server(id, _cluster.Silos[0].SiloAddress.ToString());

    public IServerGrain Server(string id, string siloAddress) => _cluster.Client.GetGrain<IServerGrain>(ServerKey.Of(Pool, id, siloAddress));

    public async Task<ServerRanking> Refresh(string gatewayId = "g", long version = 0, params string[] unreachable) =>
        await Balancer.Refresh(
            new GatewayReport { GatewayId = gatewayId, RankingVersion = version, Unreachable = [.. unreachable] },
            _cluster.Client.CreateObjectReference<IGatewayObserver>(_gateway));

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
        await Server(serverId, siloAddress ?? _cluster.Silos[0].SiloAddress.ToString()).Submit(batch, _cluster.Client.CreateObjectReference<IGatewayObserver>(_gateway));
    }

    /// <summary>The ids that a silo gives itself.</summary>
    public async Task<List<string>> ServersOf(string siloAddress, string pool = Pool) =>
        [.. (await _cluster.Client.GetGrain<ISiloServersGrain>($"{pool}@{siloAddress}").GetServers()).Order()];

    /// <summary>What happened to the fleet, a line each.</summary>
    public async Task<string> Events() => string.Join('\n', (await Controller.GetStatus()).Events.Select(e => $"{e.At:HH:mm:ss.fff} {e.Text}"));

    public void Release() => _stuck.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _cluster.DisposeAsync();
    }

    private sealed class Gateway : IGatewayObserver
    {
        private int _answered;

        public ConcurrentQueue<ServerRanking> Rankings { get; } = [];

        public int Answered => Volatile.Read(ref _answered);

        public Task OnResponses(ResponseBatch responses)
        {
            Interlocked.Add(ref _answered, responses.Responses.Length);
            return Task.CompletedTask;
        }

        public Task OnRanking(ServerRanking ranking)
        {
            Rankings.Enqueue(ranking);
            return Task.CompletedTask;
        }
    }
}
