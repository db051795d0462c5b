using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;

namespace Shortline.Silo;

/// <summary>
/// Calls the controller when the silo has started, and again on an interval, because only a call activates a controller whose silo was
/// lost. The call also shows the controller that this silo is alive, so that a new silo gets servers at once.
/// </summary>
internal sealed partial class FleetKeeper(
    IGrainFactory grains, ILocalSiloDetails silo, ShortlineSettings settings, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    /// <summary>
    /// The controller responds at once. If it does not, its silo may have been lost, and the next call may reach it on another silo.
    /// </summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = loggers.CreateLogger(LogCategories.Controller(ServerKey.DefaultPool));
        var controller = grains.GetGrain<IControllerGrain>(ServerKey.DefaultPool);
        using var interval = new PeriodicTimer(TimeSpan.FromMilliseconds(settings.Controller.IntervalMs), time);
        do
        {
            try
            {
                await controller.EnsureStarted(silo.SiloAddress.ToString()).WaitAsync(ResponseTimeout, time, stoppingToken);
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

    [LoggerMessage(1101, LogLevel.Warning, "The controller does not respond: {Failure}. The fleet keeps its size until it does")]
    private static partial void NotStarted(ILogger log, string failure);
}
