using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Destinations;

/// <summary>
/// Keeps the gateway's ranking fresh. It renews the lease with the balancer at regular intervals, and at once when a server becomes
/// unreachable. Each renewal returns the ranking, so that a lost push delays it by one interval at most.
/// </summary>
internal sealed partial class RankingFeed(
    Dispatcher dispatcher, IBalancerGrain balancer, IGatewayObserver self, LoadBalancerSettings settings, TimeProvider time, ILogger log)
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(settings.RankingStaleMs);
    private long _renewedAt = time.GetTimestamp();

    /// <summary>
    /// The time since the last response of the balancer. Above <see cref="LoadBalancerSettings.RankingStaleMs"/> the gateway is not
    /// healthy.
    /// </summary>
    public TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <summary>Whether the ranking is fresh enough.</summary>
    public bool IsHealthy => Age.TotalMilliseconds < settings.RankingStaleMs;

    /// <summary>Renews the lease now instead of at the next interval.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Renews the lease until cancelled.</summary>
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
            // The silo of the balancer may hang. The next call may find the balancer on another silo.
            var ranking = await balancer.Refresh(report, self).WaitAsync(_timeout, time).ConfigureAwait(false);
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
            // The interval is over or the gateway stops; the loop checks which.
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

    [LoggerMessage(3101, LogLevel.Debug, "The balancer did not respond: {Failure}")]
    private static partial void RenewFailed(ILogger log, string failure);

    [LoggerMessage(3102, LogLevel.Warning, "The balancer has not responded for {AgeMs:F0} ms. The gateway continues with the servers it knows")]
    private static partial void Stale(ILogger log, double ageMs);

    [LoggerMessage(3103, LogLevel.Information, "The balancer responds again")]
    private static partial void Fresh(ILogger log);
}
