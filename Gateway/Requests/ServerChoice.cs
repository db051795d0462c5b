namespace Shortline.Gateway;

/// <summary>
/// Which of the ready servers gets a request. What holds for every algorithm is here: servers that must not get work are left out, and the algorithm
/// chooses among the rest.
/// </summary>
/// <remarks>
/// <para>Left out are, in this order of strictness:</para>
/// <list type="bullet">
/// <item>always: servers that the request was at already, and those that cannot be reached;</item>
/// <item>while others are left: those that are stalled (<see cref="StallDetector"/>) or have only failed lately (<see cref="OutlierDetector"/>). If these are so many that
/// less than half of all remain, nobody is left out for this (<see cref="StallDetector.UseAll"/>);</item>
/// <item>while others are left: those that warm up and have as much as they may hold (<see cref="SlowStart.Cap"/>).</item>
/// </list>
/// <para>Touched only under the dispatcher's lock.</para>
/// </remarks>
internal sealed class ServerChoice(LoadBalancerSettings settings, Clock clock, Random random)
{
    private readonly OutlierDetector _outliers = new(
        new OutlierSettings(settings.EjectionFailures, settings.EjectionMs, settings.EjectionMaxMs, settings.EjectionMaxPercent), random);

    private readonly SortedSet<int> _freeSlots = [];
    private readonly List<ServerLink> _known = [];
    private IBalancingPolicy _policy = BalancingPolicies.Create(settings.Algorithm);
    private ServerLink[] _ready = [];
    private ServerLink[] _located = [];
    private ServerLink[] _speakingJson = [];
    private ServerLink[] _choice = [];
    private Candidate[] _candidates = [];
    private long _oldestReadySince;
    private long _allWarmAt;

    /// <summary>Servers that take work, by the ranking.</summary>
    public int ReadyCount => _ready.Length;

    /// <summary>Changes the algorithm, if it is another one and there is one of this name.</summary>
    public void Use(string algorithm)
    {
        if (string.Equals(_policy.Name, algorithm, StringComparison.Ordinal) || !BalancingPolicies.Exists(algorithm))
        {
            return;
        }

        _policy = BalancingPolicies.Create(algorithm);
        foreach (var link in _known)
        {
            _policy.Added(link.Slot);
        }
    }

    /// <summary>Gives a new link its slot.</summary>
    public void Add(ServerLink link)
    {
        link.Slot = _freeSlots.Count > 0 ? _freeSlots.Min : _known.Count;
        _freeSlots.Remove(link.Slot);
        _known.Add(link);
        _policy.Added(link.Slot);
    }

    /// <summary>A link is forgotten: its slot is free.</summary>
    public void Remove(ServerLink link)
    {
        if (_known.Remove(link))
        {
            _policy.Removed(link.Slot);
            _outliers.Removed(link.Slot);
            _freeSlots.Add(link.Slot);
        }
    }

    /// <summary>Takes over which links are ready.</summary>
    /// <param name="ready">Those that take requests.</param>
    /// <param name="located">Those that clients can be sent to.</param>
    public void Offer(IEnumerable<ServerLink> ready, IEnumerable<ServerLink> located)
    {
        _ready = [.. ready];
        _located = [.. located];
        _speakingJson = [.. _located.Where(link => !link.IsLocateOnly)];
        _oldestReadySince = _ready.Length == 0 ? 0 : _ready.Min(link => link.ReadySince);
        _allWarmAt = _ready.Length == 0 ? 0 : _ready.Max(link => link.ReadySince) + clock.Ticks(settings.SlowStartMs);
        _choice = new ServerLink[Math.Max(_ready.Length, _located.Length)];
        _candidates = new Candidate[_choice.Length];
    }

    /// <summary>Chooses a server for a request.</summary>
    /// <param name="tried">Servers not to choose: <see cref="PendingRequest.Tried"/>.</param>
    /// <param name="careful">
    /// Whether it takes only servers that are thought good, while there are any: for what cannot be taken away from a server again, or
    /// was taken away from one already.
    /// </param>
    /// <param name="key">Where equal keys should go to equal servers, for algorithms that care.</param>
    /// <param name="gateways">How many gateways send to these servers.</param>
    /// <param name="now">The time.</param>
    /// <returns>The server, or null if none is left.</returns>
    public ServerLink? Pick(ulong tried, bool careful, ulong key, int gateways, long now) => Choose(_ready, tried, careful, key, gateways, now);

    /// <summary>Chooses a server for a client that will talk to it directly, the same way.</summary>
    /// <param name="inJson">Whether the client speaks JSON, which not every program does that joined.</param>
    /// <param name="key">Where equal keys should go to equal servers, for algorithms that care.</param>
    /// <param name="gateways">How many gateways send to these servers.</param>
    /// <param name="now">The time.</param>
    public ServerLink? PickLocation(bool inJson, ulong key, int gateways, long now) => Choose(inJson ? _speakingJson : _located, tried: 0, careful: false, key, gateways, now);

    private ServerLink? Choose(ServerLink[] from, ulong tried, bool careful, ulong key, int gateways, long now)
    {
        var context = new PickContext(key, clock.Milliseconds(now), random);
        var usable = Collect(from, tried, badToo: false, careful, gateways, now, context.NowMs);
        if (usable == 0 || (!careful && StallDetector.UseAll(usable, from.Length)))
        {
            usable = Collect(from, tried, badToo: true, careful, gateways, now, context.NowMs);
        }

        if (usable == 0)
        {
            return null;
        }

        usable = LeaveOutFull(usable);
        var link = _choice[usable == 1 ? 0 : _policy.Pick(_candidates.AsSpan(0, usable), context)];
        _outliers.Picked(link.Slot, context.NowMs);
        return link;
    }

    /// <summary>Whether there is a good server that takes work and was not tried.</summary>
    public bool HasOtherThan(ulong tried, long now)
    {
        foreach (var link in _ready)
        {
            if (link is { Unreachable: false, Stalled: false } && (tried & link.TriedBit) == 0 && !_outliers.IsOut(link.Slot, clock.Milliseconds(now)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A request has ended at a server.</summary>
    /// <param name="link">The server.</param>
    /// <param name="ticks">How long it was there.</param>
    /// <param name="loadWhenSent">What the server was thought to have before.</param>
    /// <param name="failed">Whether it failed there.</param>
    /// <param name="load">What the server has left, by its own word; -1 without one.</param>
    /// <param name="now">The time.</param>
    public OutlierVerdict Observe(ServerLink link, long ticks, int loadWhenSent, bool failed, int load, long now)
    {
        var nowMs = clock.Milliseconds(now);
        _policy.Observe(new Observation(link.Slot, nowMs, clock.Milliseconds(ticks), failed, loadWhenSent, load));
        var verdict = _outliers.Observe(link.Slot, failed, _ready.Length, nowMs);
        if (verdict == OutlierVerdict.Readmitted)
        {
            // It warms up again.
            link.ReadySince = now;
            _allWarmAt = Math.Max(_allWarmAt, now + clock.Ticks(settings.SlowStartMs));
            _oldestReadySince = _ready.Length == 0 ? now : _ready.Min(each => each.ReadySince);
        }

        return verdict;
    }

    private int Collect(ServerLink[] from, ulong tried, bool badToo, bool careful, int gateways, long now, double nowMs)
    {
        var count = 0;
        foreach (var link in from)
        {
            if (link.Unreachable || (tried & link.TriedBit) != 0)
            {
                continue;
            }

            if (!badToo && (link.Stalled || (_outliers.Ejected > 0 && (_outliers.IsOut(link.Slot, nowMs) || (careful && _outliers.IsEjected(link.Slot))))))
            {
                continue;
            }

            _choice[count] = link;
            _candidates[count++] = new Candidate(
                link.EstimateLoad(gateways), link.InFlight, link.Concurrency, link.Weight, RampOf(link, now), link.Slot, link.Hash);
        }

        return count;
    }

    /// <summary>Leaves out those that warm up and have their fill, unless all have.</summary>
    private int LeaveOutFull(int count)
    {
        var left = 0;
        for (var i = 0; i < count; i++)
        {
            left += HasRoom(_candidates[i]) ? 1 : 0;
        }

        if (left == 0 || left == count)
        {
            return count;
        }

        left = 0;
        for (var i = 0; i < count; i++)
        {
            if (HasRoom(_candidates[i]))
            {
                _choice[left] = _choice[i];
                _candidates[left++] = _candidates[i];
            }
        }

        return left;
    }

    private static bool HasRoom(in Candidate candidate) => candidate.Ramp >= 1f || candidate.Load < SlowStart.Cap(candidate.Ramp, candidate.Concurrency);

    private float RampOf(ServerLink link, long now)
    {
        if (now >= _allWarmAt)
        {
            return 1f;
        }

        return SlowStart.Ramp((long)clock.Milliseconds(now - link.ReadySince), (long)clock.Milliseconds(now - _oldestReadySince), settings.SlowStartMs);
    }
}
