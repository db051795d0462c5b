using Orleans;
using Orleans.Runtime;
using StableHash = Shortline.Balancing.StableHash;

namespace Shortline.Grains;

/// <summary>The silos on which external servers can have their grains. One owner: the grain that keeps them.</summary>
internal sealed class ExternalSilos(IGrainFactory grains, TimeProvider time)
{
    /// <summary>How long a list of silos holds; one that is gone is found out by calls before.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo that did not answer gets no servers, if there are others.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, long> _silentSince = new(StringComparer.Ordinal);
    private string[] _active = [];
    private long _readAt = long.MinValue / 2;

    /// <summary>Whether they are all at one address, as on one machine: its loopback address means the same to each.</summary>
    public bool AreTogether => _active.Select(AddressOf).Distinct(StringComparer.Ordinal).Count() <= 1;

    /// <summary>Reads the list anew if it is old.</summary>
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

    /// <summary>Whether a silo is there.</summary>
    public bool Has(string silo) => _active.Contains(silo, StringComparer.Ordinal);

    /// <summary>A call to it failed.</summary>
    public void FallSilent(string silo) => _silentSince[silo] = time.GetTimestamp();

    /// <summary>Chooses a silo by rendezvous hashing, so that whoever chooses with the same silos chooses the same one.</summary>
    /// <returns>The silo, or null if there is none.</returns>
    public string? Choose(string id)
    {
        var speaking = _active.Where(silo => !(_silentSince.TryGetValue(silo, out var since) && time.GetElapsedTime(since) < Silence)).ToArray();
        return (speaking.Length > 0 ? speaking : _active).MaxBy(silo => StableHash.Of($"{id}@{silo}"));
    }

    private static string AddressOf(string silo)
    {
        // S10.0.0.5:11111:123456
        var generation = silo.LastIndexOf(':');
        var port = generation < 0 ? -1 : silo.LastIndexOf(':', Math.Max(0, generation - 1));
        return port < 0 ? silo : silo[..port];
    }
}
