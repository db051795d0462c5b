using System.Collections.Frozen;

namespace Shortline.Balancing;

/// <summary>The balancing policies by name.</summary>
public static class BalancingPolicies
{
    /// <summary>The same server for the same client, within bounds.</summary>
    public const string ConsistentHash = "consistent_hash";

    /// <summary>Whoever has become idle, else two by chance and the shorter line of these.</summary>
    public const string JoinIdleQueue = "join_idle_queue";

    /// <summary>Two by chance, and the lower peak of response times.</summary>
    public const string PeakEwma = "peak_ewma";

    /// <summary>Two by chance, and the shorter line of these.</summary>
    public const string PowerOfTwoChoices = "power_of_two_choices";

    /// <summary>The fastest of those that do not have most to do.</summary>
    public const string Prequal = "prequal";

    /// <summary>By chance.</summary>
    public const string Random = "random";

    /// <summary>One after the other, whatever their queues.</summary>
    public const string RoundRobin = "round_robin";

    /// <summary>The least requests per worker; the default.</summary>
    public const string ShortestQueue = "shortest_queue";

    /// <summary>The least requests for its weight.</summary>
    public const string WeightedLeastConnection = "weighted_least_connection";

    /// <summary>The least response time for its weight and what is in flight.</summary>
    public const string WeightedResponseTime = "weighted_response_time";

    /// <summary>One after the other, in proportion to their weights.</summary>
    public const string WeightedRoundRobin = "weighted_round_robin";

    private static readonly FrozenDictionary<string, (PolicyKind Kind, Func<IBalancingPolicy> Create)> ByName =
        new Dictionary<string, (PolicyKind, Func<IBalancingPolicy>)>(StringComparer.Ordinal)
        {
            [ConsistentHash] = (PolicyKind.Static, () => new ConsistentHashPolicy()),
            [JoinIdleQueue] = (PolicyKind.Dynamic, () => new JoinIdleQueuePolicy(new PowerOfTwoChoicesPolicy())),
            [PeakEwma] = (PolicyKind.Dynamic, () => new PeakEwmaPolicy()),
            [PowerOfTwoChoices] = (PolicyKind.Dynamic, () => new PowerOfTwoChoicesPolicy()),
            [Prequal] = (PolicyKind.Dynamic, () => new PrequalPolicy()),
            [Random] = (PolicyKind.Static, () => new RandomPolicy()),
            [RoundRobin] = (PolicyKind.Static, () => new RoundRobinPolicy()),
            [ShortestQueue] = (PolicyKind.Dynamic, () => new ShortestQueuePolicy()),
            [WeightedLeastConnection] = (PolicyKind.Dynamic, () => new WeightedLeastConnectionPolicy()),
            [WeightedResponseTime] = (PolicyKind.Dynamic, () => new WeightedResponseTimePolicy()),
            [WeightedRoundRobin] = (PolicyKind.Static, () => new WeightedRoundRobinPolicy()),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether there is a policy of this name. Case matters.</summary>
    public static bool Exists(string name) => ByName.ContainsKey(name);

    /// <summary>The names of one kind, in alphabetical order.</summary>
    public static IReadOnlyList<string> NamesOf(PolicyKind kind) => [.. Names.Where(name => KindOf(name) == kind)];

    /// <summary>Whether the policy of this name follows the load.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static PolicyKind KindOf(string name) => Find(name).Kind;

    /// <summary>Makes a policy for one owner.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static IBalancingPolicy Create(string name) => Find(name).Create();

    private static (PolicyKind Kind, Func<IBalancingPolicy> Create) Find(string name) => ByName.TryGetValue(name, out var policy)
        ? policy
        : throw new ArgumentException($"There is no algorithm '{name}'. There are: {string.Join(", ", Names)}.", nameof(name));
}

/// <summary>Whether a policy follows the load.</summary>
public enum PolicyKind
{
    /// <summary>
    /// Chooses by turns, chance, weights or client, whatever the load. What holds for every algorithm still does: a server that is lost, hangs or only fails is
    /// left out; and <c>consistent_hash</c> goes on to the next server where its bound would be exceeded.
    /// </summary>
    Static,

    /// <summary>Chooses by what the servers have to do, or by how long they take.</summary>
    Dynamic,
}
