namespace Shortline.Client.Tool.Load;

/// <summary>
/// The times at which the requests of an open loop are due: evenly spaced, independent of earlier requests. A request that is sent late
/// keeps its due time, so a stall shows in the latency of every request that it delayed ("no coordinated omission",
/// https://www.youtube.com/watch?v=lJ8ydIuPFeU). Used by one thread.
/// </summary>
internal sealed class Schedule(long ticksPerSecond)
{
    private double _next = double.NaN;

    /// <summary>Takes the next request if it is due.</summary>
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

    /// <summary>The time until the next request; after the rate was raised, at most one interval of the new rate.</summary>
    public TimeSpan Wait(long now, double rate)
    {
        _next = Math.Min(_next, now + (ticksPerSecond / rate));
        return TimeSpan.FromSeconds(Math.Max(0, _next - now) / ticksPerSecond);
    }

    /// <summary>The number of requests that are due and not taken.</summary>
    public long Overdue(long now, double rate) => double.IsNaN(_next) || _next > now ? 0 : 1 + (long)((now - _next) * rate / ticksPerSecond);

    /// <summary>Starts anew: the next request is due when it is taken.</summary>
    public void Restart() => _next = double.NaN;
}
