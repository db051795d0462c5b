using System.IO.Hashing;
using System.Text;

namespace Shortline.Balancing.Choosing;

/// <summary>A hash of text (XXH3, 64 bits) that is the same in every process and on every machine.</summary>
/// <remarks>
/// Gateways and silos of one cluster must run the same version of it: they choose destinations with it without talking to each other. It is
/// neither sent nor stored.
/// </remarks>
public static class StableHash
{
    /// <summary>Hashes a text as UTF-8.</summary>
    public static ulong Of(string text) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text));
}
