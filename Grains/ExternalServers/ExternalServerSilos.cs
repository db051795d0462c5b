using Orleans;
using Orleans.Runtime;
using StableHash = Shortline.Balancing.Choosing.StableHash;

namespace Shortline.Grains.ExternalServers;

/// <summary>The silos that can host the grains of external servers. Used on the turns of one grain only.</summary>
internal sealed class ExternalServerSilos(IGrainFactory grains, TimeProvider time)
{
    /// <summary>How long the list of silos is used before it is read again. Failed calls reveal a lost silo earlier.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo that did not answer gets no new grains, as long as another silo can take them.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, long> _silentSince = new(StringComparer.Ordinal);
    private string[] _active = [];
    private long _readAt = long.MinValue / 2;

    /// <summary>
    /// Whether all silos have one address, as on one machine, so that its loopback address means the same to each of them.
    /// </summary>
    public bool AreTogether => _active.Select(AddressOf).Distinct(StringComparer.Ordinal).Count() <= 1;

    /// <summary>Reads the list again if it is old.</summary>
    public async Task Refresh()
    {
        if (time.GetElapsedTime(_readAt) < Age)
            return;
        _readAt = time.GetTimestamp();
        var hosts = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).WaitAsync(AnswerTimeout, time);
        _active = [.. hosts.Where(host => host.Value == SiloStatus.Active).Select(host => host.Key.ToString())];
        foreach (var gone in _silentSince.Keys.Except(_active, StringComparer.Ordinal).ToList())
            _silentSince.Remove(gone);
    }

    /// <summary>Whether a silo is active.</summary>
    public bool Has(string silo) => _active.Contains(silo, StringComparer.Ordinal);

    /// <summary>Notes that a call to a silo failed.</summary>
    public void NoteFailure(string silo) => _silentSince[silo] = time.GetTimestamp();

    /// <summary>Chooses a silo by rendezvous hashing: with the same silos the choice is always the same.</summary>
    /// <returns>The silo, or null if none is active.</returns>
    public string? Choose(string id)
    {
        var answering = _active.Where(silo => !(_silentSince.TryGetValue(silo, out var since) && time.GetElapsedTime(since) < Silence)).ToArray();
        return (answering.Length > 0 ? answering : _active).MaxBy(silo => StableHash.Of($"{id}@{silo}"));
    }

    private static string AddressOf(string silo)
    {
        // S10.0.0.5:11111:123456
        var generation = silo.LastIndexOf(':');
        var port = generation < 0 ? -1 : silo.LastIndexOf(':', Math.Max(0, generation - 1));
        return port < 0 ? silo : silo[..port];
    }
}
