using Orleans.Runtime;
using Shortline.Balancing.Scaling;

namespace Shortline.Grains.Fleet;

/// <summary>The silos of the cluster as the controller knows them. Used on the controller's turns only.</summary>
internal sealed class FleetSilos
{
    private Dictionary<string, SiloStatus> _silos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long UntilMs, int Failures)> _silent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leaving = new(StringComparer.Ordinal);

    /// <summary>The number of silos that host servers and are not leaving.</summary>
    public int Staying => _silos.Count(silo => Stays(silo.Key, silo.Value));

    /// <summary>The number of silos.</summary>
    public int Count => _silos.Count;

    /// <summary>The silos whose grains can be called.</summary>
    public IReadOnlyList<string> Active => [.. _silos.Where(silo => silo.Value == SiloStatus.Active).Select(silo => silo.Key)];

    /// <summary>A number of silos in words.</summary>
    public static string Text(int count) => count == 1 ? "1 silo" : $"{count} silos";

    /// <summary>Takes the silos from the cluster's membership.</summary>
    /// <returns>Whether anything has changed.</returns>
    public bool Update(IReadOnlyDictionary<SiloAddress, SiloStatus> hosts)
    {
        // From active to stopping: a silo hosts no grains before that, and none after it. In the order of their addresses, so that equal silos
        // are always chosen in the same order.
        var before = _silos;
        _silos = hosts.Where(host => host.Value is >= SiloStatus.Active and < SiloStatus.Dead)
            .Select(host => (Address: host.Key.ToString(), Status: host.Value))
            .OrderBy(host => host.Address, StringComparer.Ordinal)
            .ToDictionary(host => host.Address, host => host.Status, StringComparer.Ordinal);

        _leaving.RemoveWhere(silo => !_silos.ContainsKey(silo));
        foreach (var silo in _silent.Keys.Where(silo => !_silos.ContainsKey(silo)).ToList())
            _silent.Remove(silo);
        return !before.SequenceEqual(_silos);
    }

    /// <summary>Whether the silo is in the cluster, leaving or not.</summary>
    public bool Has(string silo) => _silos.ContainsKey(silo);

    /// <summary>Whether the servers of a silo must be replaced on other silos.</summary>
    public bool IsLeaving(string silo) => !_silos.TryGetValue(silo, out var status) || !Stays(silo, status);

    /// <summary>Whether a silo shuts down, so that its grains cannot be called any more.</summary>
    public bool IsClosing(string silo) => _silos.TryGetValue(silo, out var status) && status != SiloStatus.Active;

    /// <summary>Notes that the silo wants to leave.</summary>
    /// <returns>Whether this was not known.</returns>
    public bool Leave(string silo) => _leaving.Add(silo);

    /// <summary>
    /// Notes that a call to the silo failed: it gets no servers for a while, or until it <see cref="Speaks"/>. The time doubles with each
    /// further failure.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="nowMs">The current time.</param>
    /// <param name="firstMs">The time after the first failure, in milliseconds.</param>
    /// <param name="mostMs">The longest time.</param>
    public void FallSilent(string silo, long nowMs, int firstMs, int mostMs)
    {
        const int MostDoublings = 16;
        var (untilMs, failures) = _silent.GetValueOrDefault(silo);
        var ms = Math.Min((long)firstMs << Math.Min(failures, MostDoublings), mostMs);
        _silent[silo] = (Math.Max(untilMs, nowMs + ms), failures + 1);
    }

    /// <summary>Notes that the silo has called or answered.</summary>
    public void Speaks(string silo) => _silent.Remove(silo);

    /// <summary>
    /// The silos that stay, with the number of their servers. If all are silent, none counts as silent, because servers must run somewhere.
    /// </summary>
    public List<SiloRoom> Rooms(IEnumerable<FleetMember> members, long nowMs)
    {
        var counts = members.Where(member => !member.IsDraining).CountBy(member => member.SiloAddress).ToDictionary(StringComparer.Ordinal);
        var staying = _silos.Where(silo => Stays(silo.Key, silo.Value)).Select(silo => silo.Key).ToList();
        var someSpeak = staying.Exists(silo => !IsSilent(silo, nowMs));
        return staying.ConvertAll(silo => new SiloRoom(silo, counts.GetValueOrDefault(silo), !someSpeak || !IsSilent(silo, nowMs)));
    }

    private bool Stays(string silo, SiloStatus status) => status == SiloStatus.Active && !_leaving.Contains(silo);

    private bool IsSilent(string silo, long nowMs) => _silent.TryGetValue(silo, out var silent) && silent.UntilMs > nowMs;
}
