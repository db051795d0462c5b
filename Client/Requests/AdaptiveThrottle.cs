using Shortline.Protocol.Requests;

namespace Shortline.Client.Requests;

/// <summary>
/// Decides which requests a client does not send, because servers refused most of its latest ones for overload. After "Client-side
/// throttling" in https://sre.google/sre-book/handling-overload/: of the requests that the program wanted to send during a sliding window,
/// some were accepted, and the next one is not sent with the probability max(0, (requests - K * accepts) / (requests + 1)). Servers then
/// get about K times what they accept, however much the program wants. Guarded by the channel's lock.
/// </summary>
/// <remarks>
/// Each priority has figures of its own, because servers refuse low priorities first: refusals of those must not throttle the others. (The
/// same article, "Criticality".) Only outcomes count. Requests in flight have none yet, and those without a response say nothing about
/// overload.
/// </remarks>
internal sealed class AdaptiveThrottle
{
    /// <summary>
    /// With fewer requests in the window none is throttled: a few refusals say little, and so slow a client does not cause an overload.
    /// </summary>
    public const int MinimumRequests = 10;

    /// <summary>
    /// The article has no maximum. With it, a client notices soon that servers accept requests again. After a minute in which all requests
    /// were refused, 100 a second all pass after 1.8 windows instead of 4. Envoy has a maximum too
    /// (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/admission_control_filter).
    /// </summary>
    public const double MaxProbability = 0.9;

    private const int Priorities = RequestParser.HighestPriority + 1;
    private const int Buckets = 10;

    private readonly Outcomes[] _buckets = new Outcomes[Buckets * Priorities]; // bucket by bucket
    private readonly Outcomes[] _sums = new Outcomes[Priorities];
    private readonly double _multiplier;
    private readonly int _bucketMs;
    private readonly Random _random;
    private long _bucket;

    /// <param name="multiplier">The K of the formula, 1 to 100.</param>
    /// <param name="windowMs">
    /// The milliseconds for which an outcome counts, 1000 to 600,000. Outcomes leave by tenths of the window, so the oldest tenth may count
    /// less long.
    /// </param>
    /// <param name="random">The source of randomness.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public AdaptiveThrottle(double multiplier, int windowMs, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplier, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(multiplier, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(windowMs, 1000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowMs, 600_000);
        _multiplier = multiplier;
        _bucketMs = windowMs / Buckets;
        _random = random;
    }

    /// <summary>Whether a new request may be sent. One that may not counts as a request that was not accepted.</summary>
    /// <param name="priority">Its priority.</param>
    /// <param name="milliseconds">The time since the channel was created.</param>
    public bool TryPass(int priority, long milliseconds)
    {
        if (AllowsRetry(priority, milliseconds))
            return true;
        Record(priority, isAccepted: false);
        return false;
    }

    /// <summary>Whether a request that was refused may be sent again. The refusal has been counted already.</summary>
    public bool AllowsRetry(int priority, long milliseconds)
    {
        var probability = Probability(priority, milliseconds);
        return probability == 0 || _random.NextDouble() >= probability;
    }

    /// <summary>Counts a response.</summary>
    /// <param name="priority">The priority of the request.</param>
    /// <param name="milliseconds">The time since the channel was created.</param>
    /// <param name="isAccepted">Whether the request was accepted, whatever became of it.</param>
    public void OnResponse(int priority, long milliseconds, bool isAccepted)
    {
        Advance(milliseconds);
        Record(priority, isAccepted);
    }

    /// <summary>The probability with which the next request of a priority is not sent, 0 to <see cref="MaxProbability"/>.</summary>
    public double Probability(int priority, long milliseconds)
    {
        Advance(milliseconds);
        var (requests, accepts) = _sums[priority];
        return requests < MinimumRequests ? 0 : Math.Clamp((requests - (_multiplier * accepts)) / (requests + 1), 0, MaxProbability);
    }

    /// <summary>The highest probability of all priorities.</summary>
    public double HighestProbability(long milliseconds)
    {
        var highest = 0.0;
        for (var priority = 0; priority < Priorities; priority++)
            highest = Math.Max(highest, Probability(priority, milliseconds));
        return highest;
    }

    private void Record(int priority, bool isAccepted)
    {
        _buckets[((int)(_bucket % Buckets) * Priorities) + priority].Add(isAccepted);
        _sums[priority].Add(isAccepted);
    }

    /// <summary>Makes the bucket of a time the current one. A thread whose clock reading is slightly old uses the current one.</summary>
    private void Advance(long milliseconds)
    {
        var bucket = milliseconds / _bucketMs;
        if (bucket <= _bucket)
            return;
        _bucket = Math.Max(_bucket, bucket - Buckets); // the window has passed these buckets more than once
        while (_bucket < bucket)
        {
            _bucket++;
            var oldest = _buckets.AsSpan((int)(_bucket % Buckets) * Priorities, Priorities);
            for (var priority = 0; priority < Priorities; priority++)
                _sums[priority].Remove(oldest[priority]);
            oldest.Clear();
        }
    }

    private record struct Outcomes(long Requests, long Accepts)
    {
        public void Add(bool isAccepted)
        {
            Requests++;
            Accepts += isAccepted ? 1 : 0;
        }

        public void Remove(Outcomes others)
        {
            Requests -= others.Requests;
            Accepts -= others.Accepts;
        }
    }
}
