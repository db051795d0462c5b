using System.Diagnostics.CodeAnalysis;
using Shortline.Balancing.Scaling;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;
using Shortline.Hosting.Settings;

namespace Shortline.Grains.Fleet;

/// <summary>
/// What the controller knows of its fleet. Nothing here calls a grain or waits, so every method finds and leaves it whole. Used on the
/// controller's turns only.
/// </summary>
internal sealed class FleetState(ShortlineSettings settings, FleetEvents events, TimeProvider time)
{
    private readonly Dictionary<string, FleetMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Id, string Silo), FleetMember> _strays = [];

    /// <summary>
    /// The last incarnation of each id whose server ended: late reports must not bring it back, and a new server gets a later one.
    /// </summary>
    private readonly Dictionary<string, long> _ended = new(StringComparer.Ordinal);

    /// <summary>
    /// The time until which the activation of an ended server may linger to reject late requests (<see cref="ServerGrain.Linger"/>). Twice
    /// that long, because the controller may notice the end earlier or later than the server.
    /// </summary>
    private readonly Dictionary<(string Id, string Silo), long> _lingerUntilMs = [];

    private List<EndedServer> _untoldEnds = [];

    /// <summary>The servers of the fleet.</summary>
    public IReadOnlyCollection<FleetMember> Members => _members.Values;

    /// <summary>
    /// Servers that the controller gave up, because they did not answer or another server has their id, while their silo is still in the
    /// cluster. A silo that was suspended for a while resumes with servers that take work and that the fleet does not count. They are drained
    /// as soon as they answer.
    /// </summary>
    public IReadOnlyCollection<FleetMember> Strays => _strays.Values;

    public FleetSilos Silos { get; } = new();

    /// <summary>Whether the servers of a former controller have been found. Until then the fleet is unknown, which is not empty.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The least number of servers that a person has asked for; 0 for the one in the settings.</summary>
    public int AskedByPerson { get; set; }

    public ScalingState Scaling { get; set; } = ScalingState.Begin(settings.Server.Count);

    public ScalingDecision Decision { get; set; } = new(settings.Server.Count, settings.Server.Count, Panic: false, Urgent: false, Reason: "");

    /// <summary>The most servers that the silos and the settings allow.</summary>
    public int Maximum => FleetSpread.Maximum(Silos.Staying, settings.Server.MaxCount, settings.Server.MaxPerSilo);

    /// <summary>The least servers, as far as the silos can host them.</summary>
    public int Minimum => FleetSpread.Minimum(Asked, Silos.Staying, settings.Server.MaxCount, settings.Server.MaxPerSilo);

    /// <summary>The number of servers that the queues or a person ask for, even if the silos cannot host so many.</summary>
    public int Wanted => Math.Max(Decision.Wanted, Math.Min(Asked, settings.Server.MaxCount));

    /// <summary>The number of servers that stay: neither they nor their silo is leaving.</summary>
    public int Staying => _members.Values.Count(member => !member.IsDraining && !Silos.IsLeaving(member.SiloAddress));

    public int ReadyCount => _members.Values.Count(member => member.IsReady);

    public long NowMs => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    /// <summary>The least number of servers that a person or the settings ask for.</summary>
    private int Asked => AskedByPerson > 0 ? AskedByPerson : settings.Server.Count;

    public bool TryGet(string id, [NotNullWhen(true)] out FleetMember? member) => _members.TryGetValue(id, out member);

    public List<FleetMember> Ready() => _members.Values.Where(member => member.IsReady).ToList();

    /// <summary>Learns from a report, which may be of a server that is not known, or not known any more.</summary>
    public void Learn(ServerResponse report)
    {
        if (report.IsExternal)
        {
            // External servers are not part of the fleet. The controller only reports the loss of their silo, because it knows the silos.
            if (IsOnLostSilo(report))
                TellEnd(report);
        }
        else if (_members.TryGetValue(report.Identity, out var member))
        {
            if (member.SiloAddress == report.SiloAddress)
                member.Take(report, NowMs);
            else if (report.Incarnation > member.Incarnation)
                Adopt(report, instead: member);
            else if (report.Status == ServerStatus.Ready)
                AddStray(new FleetMember(report.Identity, report.SiloAddress, report.Incarnation));
        }
        else if (report.Status == ServerStatus.Ready)
        {
            if (report.Incarnation > LastIncarnation(report.Identity, otherwise: long.MinValue))
                Adopt(report, instead: null);
            else
                AddStray(new FleetMember(report.Identity, report.SiloAddress, report.Incarnation));
        }
        else if (report.Status is ServerStatus.Stopped or ServerStatus.Failed || IsOnLostSilo(report))
        {
            // It ended together with a controller that could not tell the balancer any more.
            TellEnd(report);
        }
    }

    /// <summary>Adds a server that is known from elsewhere, unless its id is known.</summary>
    public void AddKnown(string id, string siloAddress, long incarnation = 0) => _members.TryAdd(id, new FleetMember(id, siloAddress, incarnation));

    /// <summary>The last incarnation of an id whose server ended.</summary>
    public long LastIncarnation(string id, long otherwise = 0) => _ended.GetValueOrDefault(id, otherwise);

    /// <summary>
    /// Reserves the lowest free ids for new servers, each on the silo that has the fewest, before anything is awaited, so that no other
    /// start takes them.
    /// </summary>
    /// <returns>The members; fewer if the silos have no room for more.</returns>
    public List<FleetMember> Reserve(int count)
    {
        var rooms = Silos.Rooms(_members.Values, NowMs);
        List<string> silos = [];
        while (silos.Count < count && FleetSpread.Next(rooms, settings.Server.MaxPerSilo) is var next and >= 0)
        {
            silos.Add(rooms[next].Address);
            rooms[next] = rooms[next] with { Servers = rooms[next].Servers + 1 };
        }

        return Reserve(silos);
    }

    /// <summary>Reserves the lowest free ids for new servers on these silos.</summary>
    public List<FleetMember> Reserve(IEnumerable<string> silos)
    {
        foreach (var (server, untilMs) in _lingerUntilMs)
        {
            if (untilMs < NowMs)
                _lingerUntilMs.Remove(server);
        }

        // An id may be free in the fleet and still be in use on one silo, where its last server lingers.
        var inUse = _strays.Keys.Concat(_lingerUntilMs.Keys).ToLookup(server => server.Silo, server => server.Id, StringComparer.Ordinal);
        var first = (long)settings.Server.StartId;
        List<FleetMember> reserved = [];
        foreach (var silo in silos)
        {
            first = FleetOrder.LowestFreeId(first, _members.ContainsKey);
            var id = $"{FleetOrder.LowestFreeId(first, id => _members.ContainsKey(id) || inUse[silo].Contains(id, StringComparer.Ordinal))}";
            var member = new FleetMember(id, silo) { IsStarting = true };
            _members.Add(id, member);
            reserved.Add(member);
        }

        return reserved;
    }

    /// <summary>Removes a member, unless another one has its id by now.</summary>
    public void Drop(FleetMember member)
    {
        if (_members.GetValueOrDefault(member.Id) == member)
            _members.Remove(member.Id);
    }

    /// <summary>Removes a member whose server has ended.</summary>
    public void Leave(FleetMember member)
    {
        Drop(member);
        _ended[member.Id] = Math.Max(member.Incarnation, _ended.GetValueOrDefault(member.Id));
        _lingerUntilMs[(member.Id, member.SiloAddress)] = NowMs + (2 * (long)ServerGrain.Linger.TotalMilliseconds);
        _untoldEnds.Add(member.End);
    }

    public void AddStray(FleetMember member) => _strays.TryAdd((member.Id, member.SiloAddress), member);

    public void RemoveStray(FleetMember stray) => _strays.Remove((stray.Id, stray.SiloAddress));

    /// <summary>Whether a stray is a member again, or gone with its silo.</summary>
    public bool IsStrayNoMore(FleetMember stray) =>
        !Silos.Has(stray.SiloAddress)
        || (_members.TryGetValue(stray.Id, out var member) && member.SiloAddress == stray.SiloAddress && member.Report is not null);

    /// <summary>Returns the ended servers that the balancer has not been told of.</summary>
    public List<EndedServer> TakeUntoldEnds()
    {
        var ends = _untoldEnds;
        _untoldEnds = [];
        return ends;
    }

    /// <summary>Takes ended servers back that the balancer could not be told of.</summary>
    public void ReturnUntoldEnds(List<EndedServer> ends) => _untoldEnds.AddRange(ends);

    /// <summary>Changes the least number of servers, and the desired number with it.</summary>
    public void Resize(int minimum, int desired)
    {
        AskedByPerson = Math.Max(1, minimum);
        Scaling = Scaling.Resized(Math.Max(1, desired));
    }

    private bool IsOnLostSilo(ServerResponse report) => Silos.Count > 0 && !Silos.Has(report.SiloAddress);

    private void TellEnd(ServerResponse report)
    {
        var ended = new EndedServer(report.Identity, report.Incarnation);
        if (!_untoldEnds.Contains(ended))
            _untoldEnds.Add(ended);
    }

    private void Adopt(ServerResponse report, FleetMember? instead)
    {
        if (instead is not null)
            AddStray(instead);
        var member = new FleetMember(report.Identity, report.SiloAddress);
        member.Take(report, NowMs);
        _members[member.Id] = member;

        // An earlier controller started this server for a reason. It goes when it is not needed.
        Scaling = Scaling.Resized(Math.Max(Scaling.Desired, Staying));

        // Or this one did, and the answer came too late.
        if (IsKnown)
            events.Note($"server {member.Id} is started on {report.Silo}");
    }
}
