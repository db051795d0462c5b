namespace Shortline.Balancing.Overload;

/// <summary>
/// Decides which requests a server takes, so that those that it takes are finished in time. Without it a server with too many requests
/// works on the oldest, which expire before they are done, and completes nothing. All times are in the caller's unit.
/// </summary>
/// <remarks>
/// A request is refused if its expected wait and its usual time in service do not fit before its deadline. While the queue does not empty and
/// requests are refused, the server is overloaded: then the queue is also kept so short that it empties within an interval, because a longer
/// one only adds delay; and what has piled up before is served newest first, because the oldest have the least time left (B. Maurer, "Fail
/// at scale", ACM Queue 2015).
///
/// Where lower priorities give way, the highest one is not kept short: what is refused of it is refused for good, while its short moments of
/// overload pass. Its requests then wait in order, and only their deadlines limit their queue.
/// </remarks>
/// <param name="target">The delay in the queue that is harmless.</param>
/// <param name="interval">How long the queue may not empty until the server counts as overloaded, and the longest queue from then on.</param>
public sealed class OverloadGuard(long target, long interval)
{
    /// <summary>The queue of an overloaded server has room for as many requests as a worker completes in this many service times.</summary>
    private const int LeastServices = 2;

    private readonly QueueDelay _delay = new(target, interval);
    private readonly ServiceTime _usual = new();
    private readonly RecentPriorities _offered = new();
    private bool _hasRefused;

    /// <summary>Whether the queue does not empty although requests are refused.</summary>
    public bool IsOverloaded { get; private set; }

    /// <summary>The longest queue of an overloaded server, as a delay.</summary>
    private double Limit => Math.Max(interval, LeastServices * _usual.Mean);

    /// <summary>Whether the server should take a request that would have to wait.</summary>
    /// <param name="wait">How long it would wait.</param>
    /// <param name="service">The usual time in service of its kind.</param>
    /// <param name="timeLeft">The time until its deadline.</param>
    /// <param name="priority">Its priority.</param>
    public bool Accepts(double wait, ServiceTime service, long timeLeft, int priority)
    {
        _offered.Add(priority);
        var accepts = wait + service.Mean + service.Deviation <= timeLeft && !MustShrink(wait, priority);
        _hasRefused |= !accepts;
        return accepts;
    }

    /// <summary>Whether a request that has waited can still be finished in time.</summary>
    /// <param name="service">The usual time in service of its kind.</param>
    /// <param name="timeLeft">The time until its deadline.</param>
    public bool CanFinish(ServiceTime service, long timeLeft)
    {
        var can = service.Mean <= timeLeft;
        _hasRefused |= !can;
        return can;
    }

    /// <summary>Whether of the waiting requests of a priority the newest is served first.</summary>
    /// <param name="wait">How long a new one would wait.</param>
    /// <param name="priority">The priority.</param>
    public bool PrefersNewest(double wait, int priority) => MustShrink(wait, priority);

    /// <summary>Notes that a request begins.</summary>
    /// <param name="delay">How long it waited; 0 if it did not.</param>
    /// <param name="service">The usual time in service of its kind.</param>
    /// <param name="now">The current time.</param>
    public void OnBegin(long delay, ServiceTime service, long now)
    {
        _usual.Observe(service.Mean);
        if (!_delay.Observe(delay, now, (long)_usual.Mean))
            return;
        IsOverloaded = IsOverloaded ? !_delay.HasEmptied : _delay.IsStanding && _hasRefused;
        _hasRefused = false;
        _offered.Advance();
    }

    private bool MustShrink(double wait, int priority) => IsOverloaded && wait > Limit && !_offered.IsHighestOfSeveral(priority);
}
