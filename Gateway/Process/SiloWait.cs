using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime.Messaging;

namespace Shortline.Gateway;

/// <summary>A gateway that starts before any silo waits for one, and says so once.</summary>
internal sealed partial class SiloWait(ShortlineSettings settings, GatewayHostOptions options, TimeProvider time, ILoggerFactory loggers) : IClientConnectionRetryFilter
{
    /// <summary>Silos and gateways that are started together are not worth a word.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long? _started;
    private bool? _toldUnreachable;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        _started ??= time.GetTimestamp();
        var unreachable = exception is ConnectionFailedException;
        if (_toldUnreachable != unreachable && time.GetElapsedTime(_started.Value) >= Silence)
        {
            _toldUnreachable = unreachable;
            var log = loggers.CreateLogger(LogCategories.Gateway(options.Name!));
            if (unreachable)
                NoConnection(log, settings.Cluster.Id);
            else
                NoSilo(log, settings.Cluster.Id);
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(3301, LogLevel.Warning,
        "There is no silo of cluster {Cluster} yet. Start one: dotnet run --project Silo. The gateway goes on looking")]
    private static partial void NoSilo(ILogger log, string cluster);

    [LoggerMessage(3302, LogLevel.Warning,
        "There are silos of cluster {Cluster}, but none can be connected to. Either their ports cannot be reached from here (cluster.client_port_range_start), "
        + "or they and this gateway do not use TLS alike: all need a cluster.certificate of the same authority, or none. The gateway goes on trying")]
    private static partial void NoConnection(ILogger log, string cluster);
}
