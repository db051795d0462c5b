namespace Shortline.Balancing;

/// <summary>A hash of text that is the same in every process and on every machine: 64-bit FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo).</summary>
public static class StableHash
{
    /// <summary>Hashes a text by its UTF-16 units.</summary>
    public static ulong Of(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var unit in text)
            hash = (hash ^ unit) * 0x100000001B3;
        return hash;
    }
}
