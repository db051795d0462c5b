using Microsoft.Extensions.Logging;
using Orleans;

namespace Shortline.Gateway;

/// <summary>A gateway that starts before any silo waits for one, and says so once.</summary>
internal sealed partial class SiloWait(ShortlineSettings settings, GatewayHostOptions options, TimeProvider time, ILoggerFactory loggers) : IClientConnectionRetryFilter
{
    /// <summary>Silos and gateways that are started together are not worth a word.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long? _started;
    private bool _told;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        _started ??= time.GetTimestamp();
        if (!_told && time.GetElapsedTime(_started.Value) >= Silence)
        {
            _told = true;
            NoSilo(loggers.CreateLogger(LogCategories.Gateway(options.Name!)), settings.Cluster.Id);
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(3301, LogLevel.Warning,
        "There is no silo of cluster {Cluster} yet. Start one: dotnet run --project Silo. The gateway goes on looking")]
    private static partial void NoSilo(ILogger log, string cluster);
}
