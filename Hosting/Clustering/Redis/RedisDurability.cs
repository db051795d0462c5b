namespace Shortline.Hosting.Clustering.Redis;

/// <summary>What a Redis server's configuration says about keeping data. A null value is not known and counts as safe.</summary>
/// <param name="AppendOnly"><c>appendonly</c>: <c>yes</c> or <c>no</c>.</param>
/// <param name="Save"><c>save</c>: when snapshots are written; empty for never.</param>
/// <param name="EvictionPolicy"><c>maxmemory-policy</c>.</param>
internal sealed record RedisDurability(string? AppendOnly, string? Save, string? EvictionPolicy)
{
    /// <summary>Whether a restart of the server loses everything.</summary>
    public bool LosesDataOnRestart => AppendOnly == "no" && Save is { Length: 0 };

    /// <summary>Whether full memory makes the server drop keys without an expiry, as Orleans' keys are.</summary>
    public bool MayEvict => EvictionPolicy?.StartsWith("allkeys-", StringComparison.Ordinal) == true;
}
