using System.Diagnostics.CodeAnalysis;

namespace Shortline.GrainInterfaces.Servers;

/// <summary>
/// The key of a server grain: <c>pool/id@silo</c>. The silo is the text of its <c>SiloAddress</c>, which names one run of it. A server
/// lives only there, so it never has two activations, and a silo that was declared dead can resume without harm.
/// </summary>
public static class ServerKey
{
    /// <summary>The pool that every process uses unless told otherwise.</summary>
    public const string DefaultPool = "default";

    /// <summary>Makes the key of a server.</summary>
    /// <param name="pool">Its pool.</param>
    /// <param name="id">Its id within the pool.</param>
    /// <param name="siloAddress">The silo that hosts it: <see cref="ServerResponse.SiloAddress"/>.</param>
    public static string Of(string pool, string id, string siloAddress) => $"{pool}/{id}@{siloAddress}";

    /// <summary>Splits a key.</summary>
    /// <exception cref="FormatException">The text is not of the form <c>pool/id@silo</c>.</exception>
    public static (string Pool, string Id, string SiloAddress) Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (slash, at) = (key.IndexOf('/'), key.LastIndexOf('@'));
        return slash < 0 || at < slash
            ? throw new FormatException($"'{key}' is not a server key: pool/id@silo.")
            : (key[..slash], key[(slash + 1)..at], key[(at + 1)..]);
    }

    /// <summary>Finds the silo in a key.</summary>
    /// <returns>Whether the key names a silo.</returns>
    public static bool TryGetSilo([NotNullWhen(true)] string? key, out ReadOnlySpan<char> siloAddress)
    {
        var at = key?.LastIndexOf('@') ?? -1;
        siloAddress = at < 0 ? default : key.AsSpan(at + 1);
        return at >= 0;
    }
}
