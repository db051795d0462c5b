using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Silo;

/// <summary>
/// Empties the silo before it leaves the cluster: asks the controller to replace and drain its servers, until none is left. Until then the
/// silo is a full member, so its servers can reach the gateways of other processes. After leaving they could not.
/// </summary>
/// <remarks>
/// Takes <see cref="ServerSettings.DrainTimeoutMs"/> at most. If the controller is lost meanwhile, the next call goes to the new one.
/// </remarks>
internal sealed partial class SiloDrain(
    IGrainFactory grains, SiloServers servers, IServerEndpoints endpoints, ILocalSiloDetails silo, ShortlineSettings settings, TimeProvider time,
    ILoggerFactory loggers)
    : IHostedService
{
    /// <summary>Pause between two calls to the controller. Idle servers are drained within a few of them.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The controller responds at once. If it does not, its silo may have been lost, and the next call may reach it on another silo.
    /// </summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(2);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var log = loggers.CreateLogger(LogCategories.Silo(silo.Name));
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(settings.Server.DrainTimeoutMs), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var (begun, first, left) = (time.GetTimestamp(), -1, -1);
        servers.Leave();
        try
        {
            while ((left = await Leave(log, end.Token)) != 0)
            {
                first = Math.Max(first, left);
                await Task.Delay(Pause, time, end.Token);
            }

            Drained(log, Math.Max(0, first), time.GetElapsedTime(begun).TotalMilliseconds);
            if (first > 0)
                await WaitForGateways(end.Token);
            await endpoints.WaitUntilClosed(end.Token);
        }
        catch (OperationCanceledException)
        {
            if (left != 0)
                NotDrained(log, left, time.GetElapsedTime(begun).TotalMilliseconds);
        }
    }

    /// <returns>The number of servers that are left on this silo; -1 if the controller does not respond.</returns>
    private async Task<int> Leave(ILogger log, CancellationToken end)
    {
        try
        {
            var address = silo.SiloAddress.ToString();
            var left = await grains.GetGrain<IControllerGrain>(ServerKey.DefaultPool).LeaveSilo(address).WaitAsync(ResponseTimeout, time, end);
            return left == 0 ? await DrainUnknown(address, end) : left;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            NoResponse(log, failure.Message);
            return -1;
        }
    }

    /// <summary>
    /// Drains the servers that the controller does not know. While it moves to another silo, two activations of it may exist for a moment;
    /// one may start a server here after the other one was told that the silo leaves.
    /// </summary>
    /// <returns>Their number.</returns>
    private async Task<int> DrainUnknown(string address, CancellationToken end)
    {
        var unknown = servers.Of(ServerKey.DefaultPool);
        foreach (var id in unknown)
            await grains.GetGrain<IServerGrain>(ServerKey.Of(ServerKey.DefaultPool, id, address)).Drain().WaitAsync(ResponseTimeout, time, end);
        return unknown.Count;
    }

    /// <summary>
    /// Waits until every gateway has refreshed its ranking and knows that no server is left here, because a pushed ranking may have been
    /// lost. Not needed without another silo.
    /// </summary>
    private async Task WaitForGateways(CancellationToken end)
    {
        var fleet = await grains.GetGrain<IControllerGrain>(ServerKey.DefaultPool).GetStatus().WaitAsync(ResponseTimeout, time, end);
        if (fleet.Silos > 1)
            await Task.Delay(TimeSpan.FromMilliseconds(settings.LoadBalancer.RefreshIntervalMs), time, end);
    }

    [LoggerMessage(1111, LogLevel.Information, "No server is left on this silo: {Servers} were drained in {Milliseconds:F0} ms")]
    private static partial void Drained(ILogger log, int servers, double milliseconds);

    [LoggerMessage(1112, LogLevel.Warning, "The silo leaves with {Servers} servers that did not finish within {Milliseconds:F0} ms (-1: the controller did not respond)")]
    private static partial void NotDrained(ILogger log, int servers, double milliseconds);

    [LoggerMessage(1113, LogLevel.Debug, "The controller does not respond: {Failure}")]
    private static partial void NoResponse(ILogger log, string failure);
}
