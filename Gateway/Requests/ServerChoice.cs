using Shortline.Balancing.Choosing;
using Shortline.Balancing.Health;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Requests;

/// <summary>
/// Chooses the server of a request. It excludes the servers that must not receive work, which is the same for every policy, and lets the
/// policy choose among the others.
/// </summary>
/// <remarks>
/// <para>The excluded servers, the strictest rule first:</para>
/// <list type="bullet">
/// <item>always: servers that already had the request, and unreachable servers;</item>
/// <item>while others remain: servers that are stalled (<see cref="StallDetector"/>) or ejected (<see cref="OutlierDetector"/>). If fewer
/// than half of all servers would remain, none is excluded by this rule (<see cref="StallDetector.UseAll"/>);</item>
/// <item>while others remain: servers that warm up and hold as many requests as they may (<see cref="SlowStart.Cap"/>).</item>
/// </list>
/// <para>Protected by the dispatcher's lock.</para>
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

    /// <summary>The number of servers that accept requests, according to the ranking.</summary>
    public int ReadyCount => _ready.Length;

    /// <summary>Switches to another policy. Ignores the name of the present policy and unknown names.</summary>
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

    /// <summary>Adds a link and assigns a slot to it.</summary>
    public void Add(ServerLink link)
    {
        link.Slot = _freeSlots.Count > 0 ? _freeSlots.Min : _known.Count;
        _freeSlots.Remove(link.Slot);
        _known.Add(link);
        _policy.Added(link.Slot);
    }

    /// <summary>Removes a link and frees its slot.</summary>
    public void Remove(ServerLink link)
    {
        if (_known.Remove(link))
        {
            _policy.Removed(link.Slot);
            _outliers.Removed(link.Slot);
            _freeSlots.Add(link.Slot);
        }
    }

    /// <summary>Sets the servers to choose from.</summary>
    /// <param name="ready">The servers that accept requests.</param>
    /// <param name="located">The servers whose location can be given to clients.</param>
    public void SetServers(IEnumerable<ServerLink> ready, IEnumerable<ServerLink> located)
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
    /// <param name="tried">The servers to exclude: <see cref="PendingRequest.Tried"/>.</param>
    /// <param name="careful">
    /// Whether to use only servers that are considered good, while there are any. For requests that cannot be sent to a second server,
    /// or that already left one.
    /// </param>
    /// <param name="key">The affinity key: policies with affinity send equal keys to the same server.</param>
    /// <param name="gateways">The number of gateways that use these servers.</param>
    /// <param name="now">The current timestamp.</param>
    /// <returns>The server, or null if none is left.</returns>
    public ServerLink? Pick(ulong tried, bool careful, ulong key, int gateways, long now) => Choose(_ready, tried, careful, key, gateways, now);

    /// <summary>Chooses a server for a client that connects to it directly, by the same rules.</summary>
    /// <param name="inJson">Whether the client needs a server that accepts JSON. External servers of the text protocol do not.</param>
    /// <param name="key">The affinity key: policies with affinity send equal keys to the same server.</param>
    /// <param name="gateways">The number of gateways that use these servers.</param>
    /// <param name="now">The current timestamp.</param>
    public ServerLink? PickLocation(bool inJson, ulong key, int gateways, long now) => Choose(inJson ? _speakingJson : _located, tried: 0, careful: false, key, gateways, now);

    private ServerLink? Choose(ServerLink[] from, ulong tried, bool careful, ulong key, int gateways, long now)
    {
        var context = new PickContext(key, clock.Milliseconds(now), random);
        var usable = Collect(from, tried, includeBad: false, careful, gateways, now, context.NowMs);
        if (usable == 0 || (!careful && StallDetector.UseAll(usable, from.Length)))
        {
            usable = Collect(from, tried, includeBad: true, careful, gateways, now, context.NowMs);
        }

        if (usable == 0)
        {
            return null;
        }

        usable = ExcludeFull(usable);
        var link = _choice[usable == 1 ? 0 : _policy.Pick(_candidates.AsSpan(0, usable), context)];
        _outliers.Picked(link.Slot, context.NowMs);
        return link;
    }

    /// <summary>Whether there is another server that is considered good and was not tried.</summary>
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

    /// <summary>Records how a request ended at a server.</summary>
    /// <param name="link">The server.</param>
    /// <param name="ticks">How long the server had the request.</param>
    /// <param name="loadWhenSent">The estimated load of the server when the request was sent.</param>
    /// <param name="failed">Whether the request failed.</param>
    /// <param name="load">The remaining load that the server reported; -1 if unknown.</param>
    /// <param name="now">The current timestamp.</param>
    public OutlierVerdict Observe(ServerLink link, long ticks, int loadWhenSent, bool failed, int load, long now)
    {
        var nowMs = clock.Milliseconds(now);
        _policy.Observe(new Observation(link.Slot, nowMs, clock.Milliseconds(ticks), failed, loadWhenSent, load));
        var verdict = _outliers.Observe(link.Slot, failed, _ready.Length, nowMs);
        if (verdict == OutlierVerdict.Readmitted)
        {
            // A readmitted server warms up again.
            link.ReadySince = now;
            _allWarmAt = Math.Max(_allWarmAt, now + clock.Ticks(settings.SlowStartMs));
            _oldestReadySince = _ready.Length == 0 ? now : _ready.Min(each => each.ReadySince);
        }

        return verdict;
    }

    private int Collect(ServerLink[] from, ulong tried, bool includeBad, bool careful, int gateways, long now, double nowMs)
    {
        var count = 0;
        foreach (var link in from)
        {
            if (link.Unreachable || (tried & link.TriedBit) != 0)
            {
                continue;
            }

            if (!includeBad && (link.Stalled || (_outliers.Ejected > 0 && (_outliers.IsOut(link.Slot, nowMs) || (careful && _outliers.IsEjected(link.Slot))))))
            {
                continue;
            }

            _choice[count] = link;
            _candidates[count++] = new Candidate(
                link.EstimateLoad(gateways), link.InFlight, link.Concurrency, link.Weight, RampOf(link, now), link.Slot, link.Hash);
        }

        return count;
    }

    /// <summary>Excludes the servers that warm up and hold as many requests as they may, unless that would exclude all.</summary>
    private int ExcludeFull(int count)
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
