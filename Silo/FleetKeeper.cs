using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Shortline.GrainInterfaces;
using Shortline.Hosting;

namespace Shortline.Silo;

/// <summary>
/// Sees to it that somebody controls the fleet: wakes the controller when the silo is up, and again on an interval, because a
/// controller whose silo died lives again only when it is called.
/// </summary>
internal sealed partial class FleetKeeper(IGrainFactory grains, ShortlineSettings settings, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = loggers.CreateLogger(LogCategories.Controller(ServerKey.DefaultPool));
        var controller = grains.GetGrain<IControllerGrain>(ServerKey.DefaultPool);
        using var interval = new PeriodicTimer(TimeSpan.FromMilliseconds(settings.Controller.IntervalMs), time);
        do
        {
            try
            {
                await controller.EnsureStarted();
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
