using Orleans.Runtime;
using Shortline.Balancing;

namespace Shortline.Grains;

/// <summary>The silos of the cluster, as the controller knows them. Changed on its turns only.</summary>
internal sealed class FleetSilos
{
    private readonly SortedDictionary<string, SiloStatus> _silos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _silentUntilMs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leaving = new(StringComparer.Ordinal);

    /// <summary>How many silos host servers and do not leave.</summary>
    public int Staying => _silos.Count(silo => Stays(silo.Key, silo.Value));

    /// <summary>How many there are.</summary>
    public int Count => _silos.Count;

    /// <summary>Those whose grains can be called.</summary>
    public IReadOnlyList<string> Active => [.. _silos.Where(silo => silo.Value == SiloStatus.Active).Select(silo => silo.Key)];

    /// <summary>Takes over what the cluster says.</summary>
    /// <returns>Whether it is something new.</returns>
    public bool Update(IReadOnlyDictionary<SiloAddress, SiloStatus> hosts)
    {
        var before = _silos.ToList();
        _silos.Clear();
        foreach (var (address, status) in hosts)
        {
            // From active to stopping; before, it hosts nothing, and after, nothing any more.
            if (status is >= SiloStatus.Active and < SiloStatus.Dead)
                _silos.Add(address.ToString(), status);
        }

        _leaving.RemoveWhere(silo => !_silos.ContainsKey(silo));
        foreach (var silo in _silentUntilMs.Keys.Where(silo => !_silos.ContainsKey(silo)).ToList())
            _silentUntilMs.Remove(silo);
        return !before.SequenceEqual(_silos);
    }

    /// <summary>Whether the silo is there, be it that it leaves.</summary>
    public bool Has(string silo) => _silos.ContainsKey(silo);

    /// <summary>Whether its servers are to go elsewhere.</summary>
    public bool IsLeaving(string silo) => !_silos.TryGetValue(silo, out var status) || !Stays(silo, status);

    /// <summary>Whether it is past the time in which its grains can be called.</summary>
    public bool IsClosing(string silo) => _silos.TryGetValue(silo, out var status) && status != SiloStatus.Active;

    /// <summary>The silo says that it stops.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Leave(string silo) => _leaving.Add(silo);

    /// <summary>A call to it failed: it gets no servers for a while, unless it <see cref="Speaks"/>.</summary>
    public void FallSilent(string silo, long untilMs) => _silentUntilMs[silo] = Math.Max(untilMs, _silentUntilMs.GetValueOrDefault(silo));

    /// <summary>There is a sign of life of it.</summary>
    public void Speaks(string silo) => _silentUntilMs.Remove(silo);

    /// <summary>The silos with what is to stay on them. If all are silent, none counts as silent: servers must be somewhere.</summary>
    public List<SiloRoom> Rooms(IEnumerable<FleetMember> members, long nowMs)
    {
        var counts = members.Where(member => !member.IsDraining).CountBy(member => member.SiloAddress).ToDictionary(StringComparer.Ordinal);
        var staying = _silos.Where(silo => Stays(silo.Key, silo.Value)).Select(silo => silo.Key).ToList();
        var someSpeak = staying.Exists(silo => !IsSilent(silo, nowMs));
        return staying.ConvertAll(silo => new SiloRoom(silo, counts.GetValueOrDefault(silo), !someSpeak || !IsSilent(silo, nowMs)));
    }

    private bool Stays(string silo, SiloStatus status) => status == SiloStatus.Active && !_leaving.Contains(silo);

    private bool IsSilent(string silo, long nowMs) => _silentUntilMs.GetValueOrDefault(silo, long.MinValue) > nowMs;
}
