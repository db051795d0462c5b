using System.Diagnostics.CodeAnalysis;

namespace Shortline.GrainInterfaces;

/// <summary>
/// The key of a server grain: <c>pool/id@silo</c>. The silo is the text of its <c>SiloAddress</c>, which names one run of it, so a server lives
/// there and nowhere else: there are never two activations of one server, and a silo that was given up can wake up without harm.
/// </summary>
public static class ServerKey
{
    /// <summary>The pool that every process uses unless told otherwise.</summary>
    public const string DefaultPool = "default";

    /// <summary>Makes the key of a server.</summary>
    /// <param name="pool">Its pool.</param>
    /// <param name="id">Its id within the pool.</param>
    /// <param name="siloAddress">The silo it lives on: <see cref="ServerResponse.SiloAddress"/>.</param>
    public static string Of(string pool, string id, string siloAddress) => $"{pool}/{id}@{siloAddress}";

    /// <summary>Splits a key.</summary>
    /// <exception cref="FormatException">It is not of the form <c>pool/id@silo</c>.</exception>
    public static (string Pool, string Id, string SiloAddress) Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (slash, at) = (key.IndexOf('/'), key.LastIndexOf('@'));
        return slash < 0 || at < slash
            ? throw new FormatException($"'{key}' is not a server key: pool/id@silo.")
            : (key[..slash], key[(slash + 1)..at], key[(at + 1)..]);
    }

    /// <summary>The silo that a key names.</summary>
    /// <returns>Whether it names one.</returns>
    public static bool TryGetSilo([NotNullWhen(true)] string? key, out ReadOnlySpan<char> siloAddress)
    {
        var at = key?.LastIndexOf('@') ?? -1;
        siloAddress = at < 0 ? default : key.AsSpan(at + 1);
        return at >= 0;
    }
}
