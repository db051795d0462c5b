namespace Shortline.GrainInterfaces;

/// <summary>The key of a server grain: <c>pool/id</c>.</summary>
public static class ServerKey
{
    /// <summary>The pool that every process uses unless told otherwise.</summary>
    public const string DefaultPool = "default";

    /// <summary>Makes the key of server <paramref name="id"/> of <paramref name="pool"/>.</summary>
    public static string Of(string pool, string id) => $"{pool}/{id}";

    /// <summary>Splits a key into pool and id.</summary>
    /// <exception cref="FormatException">The key has no <c>/</c>.</exception>
    public static (string Pool, string Id) Parse(string key)
    {
        var slash = key.IndexOf('/');
        return slash < 0 ? throw new FormatException($"'{key}' is not a server key: pool/id.") : (key[..slash], key[(slash + 1)..]);
    }
}
