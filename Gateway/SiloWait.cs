using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime.Messaging;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;

namespace Shortline.Gateway;

/// <summary>Makes a gateway that starts before any silo wait for one. Logs once why it waits.</summary>
internal sealed partial class SiloWait(ShortlineSettings settings, GatewayHostOptions options, TimeProvider time, ILoggerFactory loggers) : IClientConnectionRetryFilter
{
    /// <summary>Silos and gateways that are started together do not cause a warning.</summary>
    private static readonly TimeSpan WarnAfter = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    private long? _started;
    private bool? _warnedUnreachable;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        _started ??= time.GetTimestamp();
        var unreachable = exception is ConnectionFailedException;
        if (_warnedUnreachable != unreachable && time.GetElapsedTime(_started.Value) >= WarnAfter)
        {
            _warnedUnreachable = unreachable;
            var log = loggers.CreateLogger(LogCategories.Gateway(options.Name!));
            if (unreachable)
                NoConnection(log, settings.Cluster.Id);
            else
                NoSilo(log, settings.Cluster.Id);
        }

        await Task.Delay(RetryInterval, time, cancellationToken);
        return true;
    }

    [LoggerMessage(3301, LogLevel.Warning,
        "There is no silo of cluster {Cluster} yet. Start one: dotnet run --project Silo. The gateway keeps trying")]
    private static partial void NoSilo(ILogger log, string cluster);

    [LoggerMessage(3302, LogLevel.Warning,
        "The gateway cannot connect to any silo of cluster {Cluster}. Either it cannot reach their ports (cluster.client_port_range_start), "
        + "or silos and gateway differ in TLS: all need a cluster.certificate of the same authority, or none. The gateway keeps trying")]
    private static partial void NoConnection(ILogger log, string cluster);
}
