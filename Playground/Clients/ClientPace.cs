namespace Shortline.Playground.Clients;

/// <summary>
/// The times at which the requests of one client are due: evenly spaced, independent of earlier requests, from a random time on, so that
/// clients do not send at the same moments. Guarded by the client's lock.
/// </summary>
internal sealed class ClientPace(long ticksPerSecond, Random random)
{
    private double _next = double.NaN;

    /// <summary>Takes the next request if it is due.</summary>
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

    /// <summary>The time until the next request; after the rate was raised, at most one interval of the new rate.</summary>
    public TimeSpan Wait(long now, double rate)
    {
        _next = Math.Min(_next, now + (ticksPerSecond / rate));
        return TimeSpan.FromSeconds(Math.Max(0, _next - now) / ticksPerSecond);
    }

    /// <summary>Starts anew: requests that were due meanwhile are not sent.</summary>
    public void Restart() => _next = double.NaN;
}
