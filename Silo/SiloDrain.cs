using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.GrainInterfaces;
using Shortline.Hosting;

namespace Shortline.Silo;

/// <summary>
/// Empties the silo before it leaves the cluster: tells the controller until no server is here any more. While that lasts the silo is a full
/// member, through which gateways of other processes are reached; once it leaves, they cannot be.
/// </summary>
/// <remarks>Bounded by <see cref="ServerSettings.DrainTimeoutMs"/>, and works without a controller that knows of it: a new one is told at the next call.</remarks>
internal sealed partial class SiloDrain(
    IGrainFactory grains, ILocalSiloDetails silo, ShortlineSettings settings, TimeProvider time, ILoggerFactory loggers)
    : IHostedService
{
    /// <summary>How often the controller is told. Servers without work are drained within a few of these.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The controller answers at once. If it does not, its silo may have stopped: it is called again, and then perhaps lives elsewhere.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var log = loggers.CreateLogger(LogCategories.Silo(silo.Name));
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(settings.Server.DrainTimeoutMs), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var (begun, first, left) = (time.GetTimestamp(), -1, -1);
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
        }
        catch (OperationCanceledException)
        {
            if (left != 0)
                NotDrained(log, left, time.GetElapsedTime(begun).TotalMilliseconds);
        }
    }

    /// <returns>Servers that are left here; -1 if the controller does not answer.</returns>
    private async Task<int> Leave(ILogger log, CancellationToken end)
    {
        try
        {
            return await grains.GetGrain<IControllerGrain>(ServerKey.DefaultPool).LeaveSilo(silo.SiloAddress.ToString()).WaitAsync(Patience, time, end);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            NoAnswer(log, failure.Message);
            return -1;
        }
    }

    /// <summary>
    /// A ranking that was pushed may be lost; after a refresh every gateway knows that no server is here any more. Without another silo it does not matter.
    /// </summary>
    private async Task WaitForGateways(CancellationToken end)
    {
        var fleet = await grains.GetGrain<IControllerGrain>(ServerKey.DefaultPool).GetStatus().WaitAsync(Patience, time, end);
        if (fleet.Silos > 1)
            await Task.Delay(TimeSpan.FromMilliseconds(settings.LoadBalancer.RefreshIntervalMs), time, end);
    }

    [LoggerMessage(1111, LogLevel.Information, "No server is left here: {Servers} went in {Milliseconds:F0} ms")]
    private static partial void Drained(ILogger log, int servers, double milliseconds);

    [LoggerMessage(1112, LogLevel.Warning, "The silo leaves with {Servers} servers that did not finish within {Milliseconds:F0} ms (-1: the controller does not answer)")]
    private static partial void NotDrained(ILogger log, int servers, double milliseconds);

    [LoggerMessage(1113, LogLevel.Debug, "The controller does not answer: {Failure}")]
    private static partial void NoAnswer(ILogger log, string failure);
}
