namespace Shortline.Playground;

/// <summary>
/// When the requests of one client are due: evenly spaced, whatever has become of the ones before, from a random moment on, so that clients
/// do not march in step. Owned by one lock.
/// </summary>
internal sealed class ClientPace(long ticksPerSecond, Random random)
{
    private double _next = double.NaN;

    /// <summary>Whether a request is due, and since when.</summary>
    public bool TryTake(long now, double rate, out long dueAt)
    {
        var interval = ticksPerSecond / rate;
        if (double.IsNaN(_next))
            _next = now + (random.NextDouble() * interval);
        dueAt = (long)_next;
        if (dueAt > now)
            return false;
        _next += interval;
        return true;
    }

    /// <summary>How long until the next one, at most one interval of a rate that has just been raised.</summary>
    public TimeSpan Wait(long now, double rate)
    {
        _next = Math.Min(_next, now + (ticksPerSecond / rate));
        return TimeSpan.FromSeconds(Math.Max(0, _next - now) / ticksPerSecond);
    }

    /// <summary>Forgets the past: what was due meanwhile is not made up for.</summary>
    public void Restart() => _next = double.NaN;
}
