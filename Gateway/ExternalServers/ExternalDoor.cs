using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Shortline.Gateway;

/// <summary>
/// Where programs that are servers report. Of several gateways on one machine, which share their settings, one has the port; the others try again, so
/// that one of them takes over when it is gone.
/// </summary>
internal sealed partial class ExternalDoor(
    ShortlineSettings settings, ExternalOutbox outbox, GatewayService gateway, IGrainFactory grains, TimeProvider time, ILoggerFactory loggers,
    GatewayHostOptions? process = null) : BackgroundService
{
    /// <summary>How often a port that somebody has is tried again: a few times before servers that report there count as silent.</summary>
    private readonly TimeSpan _retry = TimeSpan.FromMilliseconds(Math.Clamp(settings.LoadBalancer.ExternalTimeoutMs / 4, 50, 1000));

    /// <summary>Where it listens; null while another one has the port.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = loggers.CreateLogger(LogCategories.Gateway(process?.Name ?? $"{gateway.EndPoint?.Port ?? settings.LoadBalancer.ClientSidePort}"));
        if (settings.LoadBalancer.AllowExternalFrom.IsEmpty)
            return;
        var keeper = grains.GetGrain<IExternalServersGrain>(ServerKey.DefaultPool);
        var feed = new ExternalFeed(outbox, keeper, settings.LoadBalancer, time, log);
        await Task.WhenAll(feed.Run(stoppingToken), Listen(new ExternalIntake(outbox, time, log), log, stoppingToken)).ConfigureAwait(false);
    }

    private async Task Listen(ExternalIntake intake, ILogger log, CancellationToken stoppingToken)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(settings.LoadBalancer.Address), settings.LoadBalancer.ServerSidePort);
        for (var isTold = false; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                using var listener = ExternalListener.Bind(endPoint);
                EndPoint = listener.EndPoint;
                Listening(log, listener.EndPoint);
                await listener.Run(intake, TimeSpan.FromMilliseconds(settings.LoadBalancer.IdleTimeoutMs), time, stoppingToken).ConfigureAwait(false);
                return;
            }
            catch (SocketException failure)
            {
                if (!isTold && failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
                    PortTaken(log, endPoint);
                else if (!isTold)
                    NotBound(log, endPoint, failure.Message);
                isTold = true;
                await Task.Delay(_retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(3501, LogLevel.Information, "External servers report to {EndPoint}, udp and tcp")]
    private static partial void Listening(ILogger log, IPEndPoint endPoint);

    [LoggerMessage(3502, LogLevel.Information,
        "External servers cannot report here: {EndPoint} (load_balancer.server_side_port) is taken, probably by another gateway of this machine, which has them; "
        + "this one takes over when it is free")]
    private static partial void PortTaken(ILogger log, IPEndPoint endPoint);

    [LoggerMessage(3503, LogLevel.Warning, "External servers cannot report here: {EndPoint} (load_balancer.server_side_port) cannot be bound: {Failure}; it is tried again")]
    private static partial void NotBound(ILogger log, IPEndPoint endPoint, string failure);
}
