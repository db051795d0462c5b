using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.ExternalServers;

/// <summary>Sends the reports that this gateway received to the registry of external servers, promptly but at a limited rate.</summary>
internal sealed partial class ExternalFeed(ExternalOutbox outbox, IExternalServersGrain registry, LoadBalancerSettings settings, TimeProvider time, ILogger log)
{
    /// <summary>The minimum time between two calls. Reports that arrive in between are sent with the next call.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How often the registry is called even without new reports, so that it checks its servers.</summary>
    private readonly TimeSpan _interval = TimeSpan.FromMilliseconds(settings.ExternalTimeoutMs / 3);

    /// <summary>Sends reports until cancelled.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Send(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await WaitForReports(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task Send(CancellationToken cancellationToken)
    {
        var reports = outbox.Take();
        try
        {
            var gone = await registry.Report(reports).WaitAsync(CallTimeout, time, cancellationToken).ConfigureAwait(false);
            outbox.Forget(gone);
        }
        catch (Exception failure)
        {
            outbox.PutBack(reports);
            NotSent(log, failure.Message);
        }
    }

    private async Task WaitForReports(CancellationToken cancellationToken)
    {
        using var interval = new CancellationTokenSource(_interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interval.Token, cancellationToken);
        try
        {
            await outbox.WaitForReports(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The interval is over or the gateway stops; the loop checks which.
        }
    }

    [LoggerMessage(3511, LogLevel.Debug, "The reports of external servers could not be sent to their registry: {Failure}")]
    private static partial void NotSent(ILogger log, string failure);
}
