using System.Collections.Frozen;

namespace Shortline.Balancing;

/// <summary>The balancing policies by name.</summary>
public static class BalancingPolicies
{
    /// <summary>The least requests per worker; the default.</summary>
    public const string ShortestQueue = "shortest_queue";

    /// <summary>One after the other, whatever their queues.</summary>
    public const string RoundRobin = "round_robin";

    private static readonly FrozenDictionary<string, Func<IBalancingPolicy>> ByName = new Dictionary<string, Func<IBalancingPolicy>>(StringComparer.Ordinal)
    {
        [ShortestQueue] = () => new ShortestQueuePolicy(),
        [RoundRobin] = () => new RoundRobinPolicy(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether there is a policy of this name. Case matters.</summary>
    public static bool Exists(string name) => ByName.ContainsKey(name);

    /// <summary>Makes a policy for one owner.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static IBalancingPolicy Create(string name) => ByName.TryGetValue(name, out var create)
        ? create()
        : throw new ArgumentException($"There is no algorithm '{name}'. There are: {string.Join(", ", Names)}.", nameof(name));
}
