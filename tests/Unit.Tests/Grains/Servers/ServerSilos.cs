using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains;
using Shortline.Grains.Handlers;
using Shortline.Grains.Servers;
using Shortline.Hosting.Settings;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>
/// Silos that host servers, with a balancer that only records. A class of tests may share them: each test then works in a
/// <see cref="ServerCluster"/> with a pool of its own.
/// </summary>
public class ServerSilos(ShortlineSettings? settings = null, short count = 1, Action<IServiceCollection>? configure = null) : IAsyncLifetime
{
    private readonly ReportsByPool _reports = new();
    private volatile HeldHandler _held = new();
    private int _pools;

    internal InProcessTestCluster Silos { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(count);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IServerReports>(_reports);
            silo.Services.AddShortlineGrains(settings ?? new ShortlineSettings());
            silo.Services.AddWorkHandler(HeldHandler.Operation, (request, result, token) => _held.Handle(request, result, token));
            configure?.Invoke(silo.Services);
        });
        Silos = builder.Build();
        await Silos.DeployAsync();
    }

    public async Task DisposeAsync() => await Silos.DisposeAsync();

    /// <summary>
    /// Makes a pool for one test, with a gateway, reports and a held handler of its own. Tests that share silos run one after the other.
    /// </summary>
    internal ServerCluster NewPool(bool ownsSilos = false)
    {
        _held = new HeldHandler();
        var pool = ownsSilos ? ServerKey.DefaultPool : $"pool-{Interlocked.Increment(ref _pools)}";
        return new ServerCluster(this, pool, _held, _reports.Of(pool), ownsSilos);
    }

    /// <summary>Keeps the reports of each pool apart.</summary>
    private sealed class ReportsByPool : IServerReports
    {
        private readonly ConcurrentDictionary<string, RecordingReports> _pools = new(StringComparer.Ordinal);

        public RecordingReports Of(string pool) => _pools.GetOrAdd(pool, _ => new RecordingReports());

        public Task Report(string pool, ImmutableArray<ServerResponse> reports) => Of(pool).Report(pool, reports);
    }
}
