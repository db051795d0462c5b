using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;

namespace Shortline.Gateway.ExternalServers;

/// <summary>
/// Receives the reports of external servers. If several gateways run on one machine with the same settings, one of them has the port. The
/// others keep trying, so that one of them takes over when that gateway ends.
/// </summary>
internal sealed partial class ExternalDoor(
    ShortlineSettings settings, ExternalOutbox outbox, GatewayService gateway, IGrainFactory grains, TimeProvider time, ILoggerFactory loggers,
    GatewayHostOptions? process = null) : BackgroundService
{
    /// <summary>
    /// How often to retry a port that is in use: several times before the external servers that report there count as silent.
    /// </summary>
    private readonly TimeSpan _retry = TimeSpan.FromMilliseconds(Math.Clamp(settings.LoadBalancer.ExternalTimeoutMs / 4, 50, 1000));

    /// <summary>The address and port on which it listens; null while another process has the port.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = loggers.CreateLogger(LogCategories.Gateway(process?.Name ?? $"{gateway.EndPoint?.Port ?? settings.LoadBalancer.ClientSidePort}"));
        if (settings.LoadBalancer.AllowExternalFrom.IsEmpty)
            return;
        var registry = grains.GetGrain<IExternalServersGrain>(ServerKey.DefaultPool);
        var feed = new ExternalFeed(outbox, registry, settings.LoadBalancer, time, log);
        var intake = new ExternalIntake(outbox, new ReportSignatures(settings.LoadBalancer.JoinSecret, time), time, log);
        await Task.WhenAll(feed.Run(stoppingToken), Listen(intake, log, stoppingToken)).ConfigureAwait(false);
    }

    private async Task Listen(ExternalIntake intake, ILogger log, CancellationToken stoppingToken)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(settings.LoadBalancer.Address), settings.LoadBalancer.ServerSidePort);
        for (var isLogged = false; !stoppingToken.IsCancellationRequested;)
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
                if (!isLogged && failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
                    PortTaken(log, endPoint);
                else if (!isLogged)
                    NotBound(log, endPoint, failure.Message);
                isLogged = true;
                await Task.Delay(_retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(3501, LogLevel.Information, "External servers report to {EndPoint} (UDP and TCP)")]
    private static partial void Listening(ILogger log, IPEndPoint endPoint);

    [LoggerMessage(3502, LogLevel.Information,
        "External servers cannot report here: {EndPoint} (load_balancer.server_side_port) is in use, probably by another gateway on this machine. "
        + "This gateway takes over when the port is free")]
    private static partial void PortTaken(ILogger log, IPEndPoint endPoint);

    [LoggerMessage(3503, LogLevel.Warning, "External servers cannot report here: {EndPoint} (load_balancer.server_side_port) cannot be bound: {Failure}. The gateway keeps trying")]
    private static partial void NotBound(ILogger log, IPEndPoint endPoint, string failure);
}
