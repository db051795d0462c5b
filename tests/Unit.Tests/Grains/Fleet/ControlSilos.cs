using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.TestingHost;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Grains.Fleet;

/// <summary>
/// Silos with the grains of a fleet. A class of tests may share them: each test then works in a <see cref="ControlCluster"/> with a pool of
/// its own.
/// </summary>
public class ControlSilos(ShortlineSettings settings, short count = 1) : IAsyncLifetime
{
    private volatile TaskCompletionSource _stuck = new();
    private int _pools;

    internal InProcessTestCluster Silos { get; private set; } = null!;

    /// <summary>The log lines of the silos.</summary>
    internal RecordingLog Log { get; } = new();

    /// <summary>Makes calls to grains fail.</summary>
    internal CallFaults Faults { get; } = new();

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(count);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage("shortline");
            silo.AddIncomingGrainCallFilter(Faults);
            silo.Services.AddLogging(logging => logging.AddProvider(Log));
            silo.Services.AddShortlineGrains(settings);
            silo.Services.AddWorkHandler("stick", async (_, _, _) =>
            {
                await _stuck.Task;
                return WorkOutcome.Ok;
            });
        });
        Silos = builder.Build();
        await Silos.DeployAsync();
    }

    public async Task DisposeAsync() => await Silos.DisposeAsync();

    /// <summary>
    /// Makes a pool for one test, the default one if no other test uses these silos. Tests that share silos run one after the other.
    /// </summary>
    internal ControlCluster NewPool(bool ownsSilos = false)
    {
        _stuck = new TaskCompletionSource();
        return new ControlCluster(this, ownsSilos ? ServerKey.DefaultPool : $"pool-{Interlocked.Increment(ref _pools)}", _stuck, ownsSilos);
    }
}
