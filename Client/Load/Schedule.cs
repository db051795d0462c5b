namespace Shortline.Client;

/// <summary>
/// When requests of an open loop are due: evenly spaced, whatever has become of the ones before. A request that is sent late keeps its
/// time in the schedule, so a stall is paid for by every request that it held up ("no coordinated omission",
/// https://www.youtube.com/watch?v=lJ8ydIuPFeU). Owned by one thread.
/// </summary>
internal sealed class Schedule(long ticksPerSecond)
{
    private double _next = double.NaN;

    /// <summary>Whether a request is due, and since when.</summary>
    public bool TryTake(long now, double rate, out long dueAt)
    {
        if (double.IsNaN(_next))
            _next = now;
        dueAt = (long)_next;
        if (dueAt > now)
            return false;
        _next += ticksPerSecond / rate;
        return true;
    }

    /// <summary>How long until the next one, at most one interval of a rate that has just been raised.</summary>
    public TimeSpan Wait(long now, double rate)
    {
        _next = Math.Min(_next, now + (ticksPerSecond / rate));
        return TimeSpan.FromSeconds(Math.Max(0, _next - now) / ticksPerSecond);
    }

    /// <summary>Requests that are due and not taken.</summary>
    public long Overdue(long now, double rate) => double.IsNaN(_next) || _next > now ? 0 : 1 + (long)((now - _next) * rate / ticksPerSecond);

    /// <summary>Forgets the past: the next request is due when it is asked for.</summary>
    public void Restart() => _next = double.NaN;
}
