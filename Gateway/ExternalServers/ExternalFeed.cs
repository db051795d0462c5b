using Microsoft.Extensions.Logging;

namespace Shortline.Gateway;

/// <summary>Tells the grain that keeps the external servers what this gateway has heard of them, at once but not all the time.</summary>
internal sealed partial class ExternalFeed(ExternalOutbox outbox, IExternalServersGrain keeper, LoadBalancerSettings settings, TimeProvider time, ILogger log)
{
    /// <summary>Least time between two calls: what comes meanwhile goes with the next.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>It is called this often even without news, to see to the servers that it has.</summary>
    private readonly TimeSpan _interval = TimeSpan.FromMilliseconds(settings.ExternalTimeoutMs / 3);

    /// <summary>Tells until cancelled.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Tell(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await WaitForNews(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task Tell(CancellationToken cancellationToken)
    {
        var reports = outbox.Take();
        try
        {
            var gone = await keeper.Report(reports).WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            outbox.Forget(gone);
        }
        catch (Exception failure)
        {
            outbox.PutBack(reports);
            NotTold(log, failure.Message);
        }
    }

    private async Task WaitForNews(CancellationToken cancellationToken)
    {
        using var interval = new CancellationTokenSource(_interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interval.Token, cancellationToken);
        try
        {
            await outbox.WaitForNews(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The interval is over, or the gateway stops: the loop sees which.
        }
    }

    [LoggerMessage(3511, LogLevel.Debug, "The reports of external servers could not be handed on: {Failure}")]
    private static partial void NotTold(ILogger log, string failure);
}
