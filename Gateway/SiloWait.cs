using Microsoft.Extensions.Logging;
using Orleans;

namespace Shortline.Gateway;

/// <summary>Makes a gateway that starts before any silo wait for one. Logs this once.</summary>
internal sealed partial class SiloWait(ShortlineSettings settings, GatewayHostOptions options, TimeProvider time, ILoggerFactory loggers) : IClientConnectionRetryFilter
{
    /// <summary>Silos and gateways that are started together do not cause a warning.</summary>
    private static readonly TimeSpan WarnAfter = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    private long? _started;
    private bool _warned;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        _started ??= time.GetTimestamp();
        if (!_warned && time.GetElapsedTime(_started.Value) >= WarnAfter)
        {
            _warned = true;
            NoSilo(loggers.CreateLogger(LogCategories.Gateway(options.Name!)), settings.Cluster.Id);
        }

        await Task.Delay(RetryInterval, time, cancellationToken);
        return true;
    }

    [LoggerMessage(3301, LogLevel.Warning,
        "There is no silo of cluster {Cluster} yet. Start one: dotnet run --project Silo. The gateway keeps trying")]
    private static partial void NoSilo(ILogger log, string cluster);
}
