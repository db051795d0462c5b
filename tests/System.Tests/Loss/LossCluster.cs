using Shortline.Client;

namespace Shortline.System.Tests.Loss;

/// <summary>
/// Three silos and two gateways that the loss tests share, because starting them takes longer than most tests. Before each test the
/// processes that earlier tests ended are started again; after a failed test all are.
/// </summary>
public sealed class LossCluster : IAsyncLifetime
{
    private const int SiloCount = 3;

    private Cluster? _cluster;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await End();

    /// <summary>Acts on the cluster while clients send requests, see <see cref="SteadyLoad.Survives"/>.</summary>
    internal async Task Survives(ClientTransport transport, Func<Cluster, Task> act, long mayLose, bool isCrash = false)
    {
        try
        {
            if (_cluster is null)
                _cluster = await Cluster.Start(SiloCount);
            else
                await _cluster.Restore(SiloCount);
            using var load = new SteadyLoad(_cluster, transport);
            await load.Survives(() => act(_cluster), mayLose, isCrash);
        }
        catch
        {
            await End();
            throw;
        }
    }

    private async Task End()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _cluster = null;
    }
}
