using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Shortline.Gateway;

/// <summary>
/// Keeps the gateway's ranking fresh: renews the lease with the balancer on an interval, which also brings the ranking, so that a lost
/// push costs an interval at most; and at once when a server was found unreachable.
/// </summary>
internal sealed partial class RankingFeed(
    Dispatcher dispatcher, IBalancerGrain balancer, IGatewayObserver self, LoadBalancerSettings settings, TimeProvider time, ILogger log)
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(settings.RankingStaleMs);
    private long _renewedAt = time.GetTimestamp();

    /// <summary>Time since the balancer last answered: beyond <see cref="LoadBalancerSettings.RankingStaleMs"/> the gateway is not healthy.</summary>
    public TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <summary>Whether the ranking is fresh enough to trust.</summary>
    public bool IsHealthy => Age.TotalMilliseconds < settings.RankingStaleMs;

    /// <summary>Renews now instead of at the next interval.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Renews until cancelled.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        var wasHealthy = true;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Renew().ConfigureAwait(false);
            if (IsHealthy != wasHealthy)
            {
                wasHealthy = !wasHealthy;
                LogHealth(wasHealthy);
            }

            await Pause(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task Renew()
    {
        var report = dispatcher.Report();
        try
        {
            // The balancer's silo may have stopped: it is asked again, and then perhaps it lives elsewhere.
            var ranking = await balancer.Refresh(report, self).WaitAsync(_patience, time).ConfigureAwait(false);
            Volatile.Write(ref _renewedAt, time.GetTimestamp());
            dispatcher.OnRanking(ranking);
        }
        catch (Exception failure)
        {
            dispatcher.NotReported(report);
            RenewFailed(log, failure.Message);
        }
    }

    private async Task Pause(CancellationToken cancellationToken)
    {
        using var interval = new CancellationTokenSource(TimeSpan.FromMilliseconds(settings.RefreshIntervalMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(interval.Token, cancellationToken);
        try
        {
            await _wake.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The interval is over, or the gateway stops: the loop sees which.
        }
    }

    private void LogHealth(bool healthy)
    {
        if (healthy)
        {
            Fresh(log);
        }
        else
        {
            Stale(log, Age.TotalMilliseconds);
        }
    }

    [LoggerMessage(3101, LogLevel.Debug, "The balancer did not answer: {Failure}")]
    private static partial void RenewFailed(ILogger log, string failure);

    [LoggerMessage(3102, LogLevel.Warning, "The balancer has not answered for {AgeMs:F0} ms: the gateway goes on with the servers it knows")]
    private static partial void Stale(ILogger log, double ageMs);

    [LoggerMessage(3103, LogLevel.Information, "The balancer answers again")]
    private static partial void Fresh(ILogger log);
}
