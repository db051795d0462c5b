using System.Runtime.InteropServices;
using System.Text;

namespace Shortline.Client.Tool.Load;

/// <summary>Counts answers by server. Allocates only for a server that it has not seen yet. Not thread-safe.</summary>
internal sealed class ServerCounts
{
    /// <summary>The most servers that are counted apart. A fleet has at most 1000, so further names are garbage.</summary>
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

/// <summary>Orders server names as people do: 2 before 10.</summary>
internal sealed class ServerNameOrder : IComparer<string>
{
    public static ServerNameOrder Instance { get; } = new();

    public int Compare(string? x, string? y) => IsNumber(x) && IsNumber(y) && x!.Length != y!.Length ? x.Length - y.Length : string.CompareOrdinal(x, y);

    private static bool IsNumber(string? name) => !string.IsNullOrEmpty(name) && name.All(char.IsAsciiDigit);
}
