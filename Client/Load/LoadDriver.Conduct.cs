namespace Shortline.Client;

/// <content>The thread that conducts a run.</content>
public sealed partial class LoadDriver
{
    // Requests that a schedule that is behind sends before the rest of the work gets its turn.
    private const int BurstLimit = 256;

    private void Conduct(CancellationToken stop)
    {
        LogStart(_clients.Count, _settings.Operation, _settings.Transport, string.Join(", ", _settings.Gateways), _clients[0].LocalPort);
        Volatile.Write(ref _startedAt, _time.GetTimestamp());
        var sweptAt = 0L;
        while (!IsOver(stop))
        {
            var now = _time.GetTimestamp();
            if (_time.GetElapsedTime(sweptAt, now) >= SweepInterval)
            {
                sweptAt = now;
                foreach (var client in _clients)
                    Tend(client);
            }

            var untilSweep = SweepInterval - _time.GetElapsedTime(sweptAt, _time.GetTimestamp());
            if (_paused)
                _schedule.Restart();
            if (!_stopping && !_paused && Rate is { } rate)
                Pause.For(SendDue(rate) ? TimeSpan.Zero : Min(untilSweep, _schedule.Wait(_time.GetTimestamp(), rate)));
            else
                Pause.For(untilSweep);
        }

        var left = _clients.Sum(client => client.InFlight);
        foreach (var client in _clients)
        {
            client.EndAll();
            client.LogEnd();
        }

        Volatile.Write(ref _endedAt, _time.GetTimestamp());
        var end = Snapshot();
        LogEnd(end.Started, end.Of(Protocol.ResponseStatus.Ok), end.NoAnswer, end.NotSent, left);
    }

    /// <summary>The timestamp from which nothing more is started.</summary>
    private long LastDueAt => _settings.Duration is { } duration ? _startedAt + (long)(duration.TotalSeconds * _time.TimestampFrequency) : long.MaxValue;

    private void Tend(LoadClient client)
    {
        client.Sweep();
        if (Rate is not null)
            return;
        _schedule.Restart();
        client.TopUp();
    }

    /// <summary>Sends what is due. True if there is more.</summary>
    private bool SendDue(double rate)
    {
        var now = _time.GetTimestamp();
        for (var sent = 0; sent < BurstLimit; sent++)
        {
            if (!_schedule.TryTake(Math.Min(now, LastDueAt), rate, out var dueAt) || !MayStart())
                return false;
            _nextClient = (_nextClient + 1) % _clients.Count;
            if (!_clients[_nextClient].TryStart(dueAt))
                CountNotSent();
        }

        return true;
    }

    private bool IsOver(CancellationToken stop)
    {
        var now = _time.GetTimestamp();
        if (!_stopping && MustStop(now, stop))
        {
            // The schedule's rest is counted, not forgotten.
            if (!stop.IsCancellationRequested && Rate is { } rate && _settings.Requests is null)
            {
                var overdue = _schedule.Overdue(LastDueAt, rate);
                Interlocked.Add(ref _notSent, overdue);
                Interlocked.Add(ref _started, overdue);
            }

            _stopping = true;
        }

        if (!_stopping)
            return false;
        _cancelledAt ??= stop.IsCancellationRequested ? now : null;
        var enough = _cancelledAt is { } at && _time.GetElapsedTime(at, now) >= LongestEnding;

        // Not "nothing is in flight": a client may be about to start the last one.
        return enough || _disposed || _clients.Sum(client => client.Ended) + Interlocked.Read(ref _notSent) >= Started;
    }

    private bool MustStop(long now, CancellationToken stop)
    {
        if (stop.IsCancellationRequested || (_settings.Requests is { } requests && Interlocked.Read(ref _started) >= requests))
            return true;
        if (now < LastDueAt)
            return false;

        // What was due before the end is still sent, unless this machine is hopelessly behind.
        return Rate is not { } rate || _schedule.Overdue(LastDueAt, rate) == 0 || _time.GetElapsedTime(LastDueAt, now) >= LongestEnding;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
