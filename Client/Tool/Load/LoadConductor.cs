namespace Shortline.Client.Tool.Load;

/// <summary>
/// Conducts a run of a <see cref="LoadDriver"/> on one thread: keeps the schedule of the open loop, sweeps the clients, and ends the run.
/// </summary>
internal sealed class LoadConductor(LoadDriver driver, LoadSettings settings, IReadOnlyList<LoadClient> clients, LoadCount count, TimeProvider time)
{
    /// <summary>Requests that a schedule which is behind sends before the clients are swept again.</summary>
    private const int BurstLimit = 256;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// A user who cancels does not want to wait for a timeout. A schedule has as long to send what was due before its end.
    /// </summary>
    private static readonly TimeSpan LongestEnding = TimeSpan.FromSeconds(1);

    private readonly Random _random = new();
    private readonly Schedule _schedule = new(time.TimestampFrequency);
    private long _startedAt;
    private long _sweptAt;
    private long? _cancelledAt;
    private int _nextClient;

    /// <summary>The timestamp after which nothing more is due.</summary>
    private long LastDueAt => settings.Duration is { } duration ? _startedAt + (long)(duration.TotalSeconds * time.TimestampFrequency) : long.MaxValue;

    /// <summary>Conducts until the run is over.</summary>
    /// <param name="startedAt">The timestamp of the start.</param>
    /// <param name="stop">Ends the run early.</param>
    public void Run(long startedAt, CancellationToken stop)
    {
        _startedAt = startedAt;
        while (!IsOver(stop))
        {
            SweepIfDue();
            var untilSweep = SweepInterval - time.GetElapsedTime(_sweptAt, time.GetTimestamp());
            if (driver.Paused)
                _schedule.Restart();
            if (!count.IsStopped && !driver.Paused && driver.Rate is { } rate)
                Pause.For(SendDue(rate) ? TimeSpan.Zero : Min(untilSweep, _schedule.Wait(time.GetTimestamp(), rate)));
            else
                Pause.For(untilSweep);
        }
    }

    private void SweepIfDue()
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_sweptAt, now) < SweepInterval)
            return;
        _sweptAt = now;
        foreach (var client in clients)
        {
            client.Sweep();
            if (settings.Pause is not null)
                client.StartIfDue(now, _random);
            if (settings.Pause is not null || driver.Rate is not null)
                continue;
            _schedule.Restart();
            client.TopUp();
        }
    }

    /// <summary>Sends the requests that are due.</summary>
    /// <returns>Whether more are due.</returns>
    private bool SendDue(double rate)
    {
        var now = time.GetTimestamp();
        for (var sent = 0; sent < BurstLimit; sent++)
        {
            if (!_schedule.TryTake(Math.Min(now, LastDueAt), rate, out var dueAt) || !count.TryStart())
                return false;
            _nextClient = (_nextClient + 1) % clients.Count;
            clients[_nextClient].TryStart(dueAt);
        }

        return true;
    }

    private bool IsOver(CancellationToken stop)
    {
        var now = time.GetTimestamp();
        if (!count.IsStopped && MustStop(now, stop))
        {
            // Requests that were due and are never sent count as not sent.
            if (!stop.IsCancellationRequested && driver.Rate is { } rate && settings.Requests is null)
                count.OnOverdue(_schedule.Overdue(LastDueAt, rate));
            count.Stop();
        }

        if (!count.IsStopped)
            return false;
        _cancelledAt ??= stop.IsCancellationRequested ? now : null;
        var isLate = _cancelledAt is { } at && time.GetElapsedTime(at, now) >= LongestEnding;

        // Nothing in flight is not enough: a client may be about to send the last request.
        return isLate || driver.IsDisposed || clients.Sum(client => client.Ended) + count.NotSent >= count.Started;
    }

    private bool MustStop(long now, CancellationToken stop)
    {
        if (stop.IsCancellationRequested || count.IsComplete)
            return true;
        if (now < LastDueAt)
            return false;

        // Requests that were due before the end are still sent, unless this machine is hopelessly behind.
        return driver.Rate is not { } rate || _schedule.Overdue(LastDueAt, rate) == 0 || time.GetElapsedTime(LastDueAt, now) >= LongestEnding;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
