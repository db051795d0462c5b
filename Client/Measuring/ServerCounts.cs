using System.Runtime.InteropServices;
using System.Text;

namespace Shortline.Client;

/// <summary>Counts answers by server. Allocates only for a server it has not seen. Not safe for several threads.</summary>
internal sealed class ServerCounts
{
    /// <summary>Servers told apart; a fleet has 1000 at most, so more names than that are somebody's garbage.</summary>
    private const int Limit = 2048;
    private const int MaxName = 64;

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Record(ReadOnlySpan<byte> serverId)
    {
        if (serverId.IsEmpty)
            return;
        Span<char> name = stackalloc char[MaxName];
        name = name[..Encoding.UTF8.GetChars(serverId[..Math.Min(serverId.Length, MaxName)], name)];
        var lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (_counts.Count < Limit || lookup.ContainsKey(name))
            CollectionsMarshal.GetValueRefOrAddDefault(lookup, name, out _)++;
    }

    public void AddTo(IDictionary<string, long> sum)
    {
        foreach (var (server, count) in _counts)
            sum[server] = (sum.TryGetValue(server, out var before) ? before : 0) + count;
    }
}
