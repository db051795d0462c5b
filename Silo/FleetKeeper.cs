using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.GrainInterfaces;
using Shortline.Hosting;

namespace Shortline.Silo;

/// <summary>
/// Sees to it that somebody controls the fleet: wakes the controller when the silo is up, and again on an interval, because a
/// controller whose silo died lives again only when it is called. It also is the silo's sign of life: one that is new gets servers at once.
/// </summary>
internal sealed partial class FleetKeeper(
    IGrainFactory grains, ILocalSiloDetails silo, ShortlineSettings settings, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    /// <summary>The controller answers at once. If it does not, its silo may have stopped: it is called again, and then perhaps lives elsewhere.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = loggers.CreateLogger(LogCategories.Controller(ServerKey.DefaultPool));
        var controller = grains.GetGrain<IControllerGrain>(ServerKey.DefaultPool);
        using var interval = new PeriodicTimer(TimeSpan.FromMilliseconds(settings.Controller.IntervalMs), time);
        do
        {
            try
            {
                await controller.EnsureStarted(silo.SiloAddress.ToString()).WaitAsync(Patience, time, stoppingToken);
            }
            catch (Exception failure)
            {
                if (!stoppingToken.IsCancellationRequested)
                    NotStarted(log, failure.Message);
            }
        }
        while (await WaitForNext(interval, stoppingToken));
    }

    private static async Task<bool> WaitForNext(PeriodicTimer interval, CancellationToken stoppingToken)
    {
        try
        {
            return await interval.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(1101, LogLevel.Warning, "The controller does not answer: {Failure}. The fleet stays as it is until it does")]
    private static partial void NotStarted(ILogger log, string failure);
}
