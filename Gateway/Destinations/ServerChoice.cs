using Shortline.Balancing.Choosing;
using Shortline.Balancing.Health;
using Shortline.Gateway.Requests;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Gateway.Destinations;

/// <summary>
/// Chooses the server of a request. It leaves out the servers that must not receive work, which is the same for every policy, and lets the
/// policy choose among the others. Nothing that happens once per request looks at all servers.
/// </summary>
/// <remarks>
/// <para>The servers that are left out:</para>
/// <list type="bullet">
/// <item>always: servers that already had the request, and unreachable servers;</item>
/// <item>while others remain: servers that are stalled (<see cref="StallDetector"/>) or ejected (<see cref="OutlierDetector"/>). If fewer
/// than half of all servers would remain, none is left out by this rule (<see cref="StallDetector.UseAll"/>). An ejected server whose time
/// is over gets one request on trial;</item>
/// <item>while others remain: servers that warm up and hold as many requests as they may (<see cref="SlowStart.Cap"/>).</item>
/// </list>
/// <para>
/// A <see cref="Destination"/> notes each change of its state in a list. Before a choice, the policy is told of these servers, once each.
/// </para>
/// <para>Protected by <see cref="ServerFleet.Lock"/>.</para>
/// </remarks>
internal sealed class ServerChoice(LoadBalancerSettings settings, Clock clock, Random random)
{
    /// <summary>How often the ramps of servers that warm up, and the times of ejected servers, are looked at.</summary>
    private const double LookEveryMs = 10;

    /// <summary>How many servers that are not good a careful choice rejects before it takes one. Only if most servers are not good.</summary>
    private const int MostRejected = 8;

    private readonly OutlierDetector _outliers = new(
        new OutlierSettings(settings.EjectionFailures, settings.EjectionMs, settings.EjectionMaxMs, settings.EjectionMaxPercent), random);

    private readonly List<Destination?> _bySlot = [];
    private readonly SortedSet<int> _freeSlots = [];
    private readonly List<Destination> _changed = [];
    private readonly HashSet<Destination> _warming = [];
    private readonly HashSet<Destination> _full = [];
    private readonly List<Destination> _ejected = [];
    private IBalancingPolicy _policy = BalancingPolicies.Create(settings.Algorithm);

    /// <summary>Chooses locations; created with the first one, because most gateways give none.</summary>
    private IBalancingPolicy? _locations;
    private int _gateways = 1;
    private int _good;
    private bool _usesAll;
    private double _rampsAtMs;
    private double _trialsAtMs;
    private bool _agesAreOld;
    private long _oldestReadySince;
    private long _allWarmAt;

    /// <summary>The number of servers that accept requests, according to the ranking.</summary>
    public int ReadyCount { get; private set; }

    /// <summary>See <see cref="IBalancingPolicy.MostLoad"/>, for the server chosen last.</summary>
    public int MostLoad { get; private set; } = int.MaxValue;

    /// <summary>Switches to another policy. Ignores the name of the present policy and unknown names.</summary>
    public void Use(string algorithm)
    {
        if (string.Equals(_policy.Name, algorithm, StringComparison.Ordinal) || !BalancingPolicies.Exists(algorithm))
            return;

        _policy = BalancingPolicies.Create(algorithm);
        _locations = null;
        ChangeAll();
    }

    /// <summary>Adds a server and assigns a slot to it.</summary>
    public void Add(Destination server)
    {
        if (_freeSlots.Count == 0)
        {
            server.Slot = _bySlot.Count;
            _bySlot.Add(server);
        }
        else
        {
            server.Slot = _freeSlots.Min;
            _freeSlots.Remove(server.Slot);
            _bySlot[server.Slot] = server;
        }

        server.NoteChangesIn(_changed);
    }

    /// <summary>Removes a server and frees its slot.</summary>
    public void Remove(Destination server)
    {
        if (server.Slot >= _bySlot.Count || _bySlot[server.Slot] != server)
            return;

        Set(server, mayServe: false, mayBeLocated: false);
        Place(server, clock.Now);
        _changed.Remove(server);
        server.NoteChangesIn(null);
        _warming.Remove(server);
        _ejected.Remove(server);
        _policy.Forget(server.Slot);
        _locations?.Forget(server.Slot);
        _outliers.Removed(server.Slot);
        _bySlot[server.Slot] = null;
        _freeSlots.Add(server.Slot);
    }

    /// <summary>Sets what may be chosen of a server, and takes note of its age.</summary>
    /// <param name="server">The server.</param>
    /// <param name="mayServe">Whether it accepts requests.</param>
    /// <param name="mayBeLocated">Whether its location can be given to clients.</param>
    public void Set(Destination server, bool mayServe, bool mayBeLocated)
    {
        if (server.MayServe != mayServe)
        {
            ReadyCount += mayServe ? 1 : -1;
            _agesAreOld = true;
        }

        if (mayServe && server.ReadySince + clock.Ticks(settings.SlowStartMs) > _allWarmAt)
            _agesAreOld = true;
        if ((server.MayServe, server.MayBeLocated) == (mayServe, mayBeLocated))
            return;
        (server.MayServe, server.MayBeLocated) = (mayServe, mayBeLocated);
        server.NoteChange();
    }

    /// <summary>Chooses a server for a request.</summary>
    /// <param name="tried">The slots of the servers that must not get it.</param>
    /// <param name="careful">
    /// Whether to use only servers that are considered good, while there are any. For requests that cannot be sent to a second server,
    /// or that already left one.
    /// </param>
    /// <param name="key">The affinity key: policies with affinity send equal keys to the same server.</param>
    /// <param name="gateways">The number of gateways that use these servers.</param>
    /// <param name="now">The current timestamp.</param>
    /// <returns>The server, or null if none is left.</returns>
    public Destination? Pick(ReadOnlySpan<int> tried, bool careful, ulong key, int gateways, long now)
    {
        var context = new PickContext(key, clock.Milliseconds(now), random, gateways);
        Update(gateways, now, context.NowMs);
        var slot = !careful && _ejected.Count > 0 ? FindTrial(tried, context.NowMs) : -1;
        if (slot < 0)
            slot = careful && _usesAll ? PickCarefully(context, tried) : _policy.Pick(context, tried);
        if (slot < 0)
            slot = PickFull(tried);
        if (slot < 0)
            return null;

        _outliers.Picked(slot, context.NowMs);
        MostLoad = _policy.MostLoad;
        return _bySlot[slot];
    }

    /// <summary>Chooses a server for a client that connects to it directly, by the same rules.</summary>
    /// <param name="inJson">Whether the client needs a server that accepts JSON. External servers of the text protocol do not.</param>
    /// <param name="key">The affinity key: policies with affinity send equal keys to the same server.</param>
    /// <param name="gateways">The number of gateways that use these servers.</param>
    /// <param name="now">The current timestamp.</param>
    public Destination? PickLocation(bool inJson, ulong key, int gateways, long now)
    {
        if (_locations is null)
        {
            _locations = BalancingPolicies.Create(_policy.Name);
            foreach (var server in _bySlot)
            {
                if (server is { ProbedMs: > 0 })
                    _locations.Observe(ProbesOf(server, now));
            }

            ChangeAll();
        }

        var context = new PickContext(key, clock.Milliseconds(now), random, gateways);
        Update(gateways, now, context.NowMs);
        var slot = _locations.Pick(context, default);
        if (slot < 0 || !inJson || _bySlot[slot]!.MayServe)
            return slot < 0 ? null : _bySlot[slot];

        // A fleet of both kinds of servers is small.
        var others = _bySlot.FindAll(server => server is { MayBeLocated: true, MayServe: true, Unreachable: false });
        return others.Count == 0 ? null : others[random.Next(others.Count)];
    }

    /// <summary>Whether there is another server that is considered good and was not tried.</summary>
    public bool HasOtherThan(Destination server, ReadOnlySpan<int> tried, int gateways, long now)
    {
        Update(gateways, now, clock.Milliseconds(now));
        var good = _good - (server.Standing == ServerStanding.Good ? 1 : 0);
        foreach (var slot in tried)
            good -= slot != server.Slot && _bySlot[slot] is { MayServe: true, Standing: ServerStanding.Good } ? 1 : 0;
        return good > 0;
    }

    /// <summary>Records how a request ended at a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="ticks">How long the server had the request.</param>
    /// <param name="loadWhenSent">The estimated load of the server when the request was sent.</param>
    /// <param name="failed">Whether the request failed.</param>
    /// <param name="load">The remaining load that the server reported; -1 if unknown.</param>
    /// <param name="now">The current timestamp.</param>
    public OutlierVerdict Observe(Destination server, long ticks, int loadWhenSent, bool failed, int load, long now)
    {
        var nowMs = clock.Milliseconds(now);
        var observation = new Observation(server.Slot, nowMs, clock.Milliseconds(ticks), failed, loadWhenSent, load);
        _policy.Observe(observation);
        _locations?.Observe(observation);
        var verdict = _outliers.Observe(server.Slot, failed, ReadyCount, nowMs);
        if (verdict == OutlierVerdict.Ejected)
        {
            _ejected.Add(server);
            server.NoteChange();
        }
        else if (verdict == OutlierVerdict.Readmitted)
        {
            // A readmitted server warms up again.
            _ejected.Remove(server);
            server.ReadySince = now;
            _agesAreOld = true;
        }

        return verdict;
    }

    /// <summary>
    /// Records how long a server takes to answer probes. Clients that connect to it directly are chosen by that, because the gateway does not
    /// see the times of their requests.
    /// </summary>
    public void ObserveProbes(Destination server, double responseTimeMs, long now)
    {
        server.ProbedMs = responseTimeMs;
        _locations?.Observe(ProbesOf(server, now));
    }

    private Observation ProbesOf(Destination server, long now)
    {
        var load = server.EstimateLoad(_gateways);
        return new Observation(server.Slot, clock.Milliseconds(now), server.ProbedMs, Failed: false, load, load) { IsAverage = true };
    }

    /// <summary>Tells the policy of all changes since the last choice.</summary>
    private void Update(int gateways, long now, double nowMs)
    {
        if (gateways != _gateways)
        {
            _gateways = gateways;
            ChangeAll();
        }

        if (_agesAreOld)
            LookAtAges(now);

        if (_warming.Count > 0 && nowMs >= _rampsAtMs)
        {
            _rampsAtMs = nowMs + LookEveryMs;
            foreach (var server in _warming)
                server.NoteChange();
        }

        if (_changed.Count == 0)
            return;

        foreach (var server in _changed)
            Place(server, now);
        if (_usesAll != StallDetector.UseAll(_good, ReadyCount))
        {
            _usesAll = !_usesAll;
            foreach (var server in _bySlot)
            {
                if (server?.Standing == ServerStanding.Bad)
                    Place(server, now);
            }
        }

        foreach (var server in _changed)
            server.IsChangeNoted = false;
        _changed.Clear();
    }

    /// <summary>
    /// Finds the age of the oldest server, and when all will be warm. Looks at all servers, but only when some have come or gone.
    /// </summary>
    private void LookAtAges(long now)
    {
        _agesAreOld = false;
        var wereWarm = now >= _allWarmAt;
        (_oldestReadySince, _allWarmAt) = (long.MaxValue, 0);
        foreach (var server in _bySlot)
        {
            if (server is not { MayServe: true })
                continue;
            _oldestReadySince = Math.Min(_oldestReadySince, server.ReadySince);
            _allWarmAt = Math.Max(_allWarmAt, server.ReadySince + clock.Ticks(settings.SlowStartMs));
        }

        // Ages relative to the oldest one have changed.
        if (!wereWarm || now < _allWarmAt)
            ChangeAll();
    }

    private void ChangeAll()
    {
        foreach (var server in _bySlot)
            server?.NoteChange();
    }

    /// <summary>Makes a server available to the policies or not, with its present state.</summary>
    private void Place(Destination server, long now)
    {
        var standing = StandingOf(server);
        _good += (standing == ServerStanding.Good && server.MayServe ? 1 : 0) - (server.CountsAsGood ? 1 : 0);
        server.Standing = standing;
        server.CountsAsGood = standing == ServerStanding.Good && server.MayServe;

        var ramp = server.MayServe || server.MayBeLocated ? RampOf(server, now) : 1f;
        NoteIf(_warming, server, ramp < 1f);
        var candidate = new Candidate(
            server.EstimateLoad(_gateways), server.InFlight, server.Concurrency, Math.Max(1, server.Weight), ramp, server.Slot, server.Hash, server.IsLocal)
        {
            Known = server.KnownLoad,
            News = server.Reports,
            NewsAtMs = clock.Milliseconds(server.QueueKnownAt),
            ServiceTimeMs = server.ServiceTimeMs,
            RestingClients = server.RestingClients,
        };
        var isUsed = standing == ServerStanding.Good || (standing == ServerStanding.Bad && _usesAll);
        var isFull = ramp < 1f && candidate.Load >= SlowStart.Cap(ramp, candidate.Concurrency);
        NoteIf(_full, server, isUsed && server.MayServe && isFull);
        if (isUsed && server.MayServe && !isFull)
            _policy.Set(candidate);
        else
            _policy.Exclude(server.Slot);
        if (isUsed && server.MayBeLocated)
            _locations?.Set(candidate with { InFlight = server.InFlight + server.LocatedSinceReport });
        else
            _locations?.Exclude(server.Slot);
    }

    private ServerStanding StandingOf(Destination server) => server.Unreachable || !(server.MayServe || server.MayBeLocated)
        ? ServerStanding.Unusable
        : server.Stalled || _outliers.IsEjected(server.Slot) ? ServerStanding.Bad : ServerStanding.Good;

    private static void NoteIf(HashSet<Destination> set, Destination server, bool holds)
    {
        if (holds)
            set.Add(server);
        else if (set.Count > 0)
            set.Remove(server);
    }

    /// <summary>An ejected server whose time is over; -1 if there is none.</summary>
    private int FindTrial(ReadOnlySpan<int> tried, double nowMs)
    {
        if (nowMs < _trialsAtMs)
            return -1;

        foreach (var server in _ejected)
        {
            if (server is { MayServe: true, Unreachable: false, Stalled: false } && !_outliers.IsOut(server.Slot, nowMs) && !tried.Contains(server.Slot))
                return server.Slot;
        }

        _trialsAtMs = nowMs + LookEveryMs;
        return -1;
    }

    /// <summary>Chooses a good server while most are not good, if a few attempts find one.</summary>
    private int PickCarefully(in PickContext context, ReadOnlySpan<int> tried)
    {
        Span<int> rejected = stackalloc int[tried.Length + MostRejected];
        tried.CopyTo(rejected);
        var first = -1;
        for (var count = tried.Length; count < rejected.Length; count++)
        {
            var slot = _policy.Pick(context, rejected[..count]);
            if (slot < 0 || _bySlot[slot]!.Standing == ServerStanding.Good)
                return slot < 0 ? first : slot;
            first = first < 0 ? slot : first;
            rejected[count] = slot;
        }

        return first;
    }

    /// <summary>The one with the fewest requests of the servers that warm up and hold as many as they may. Seldom used.</summary>
    private int PickFull(ReadOnlySpan<int> tried)
    {
        var least = default(Destination);
        foreach (var server in _full)
        {
            if (!tried.Contains(server.Slot) && (least is null || server.EstimateLoad(_gateways) < least.EstimateLoad(_gateways)))
                least = server;
        }

        return least?.Slot ?? -1;
    }

    private float RampOf(Destination server, long now)
    {
        if (now >= _allWarmAt)
            return 1f;

        return SlowStart.Ramp((long)clock.Milliseconds(now - server.ReadySince), (long)clock.Milliseconds(now - _oldestReadySince), settings.SlowStartMs);
    }
}

/// <summary>Whether a server may be chosen.</summary>
internal enum ServerStanding
{
    /// <summary>It is unreachable, or takes no requests.</summary>
    Unusable,

    /// <summary>It is stalled or ejected. It is used only if most servers are.</summary>
    Bad,

    /// <summary>It may be chosen.</summary>
    Good,
}
