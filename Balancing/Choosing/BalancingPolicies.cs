using System.Collections.Frozen;

namespace Shortline.Balancing.Choosing;

/// <summary>The balancing policies by name.</summary>
public static class BalancingPolicies
{
    /// <summary>The same server for the same client, unless it is overloaded.</summary>
    public const string ConsistentHash = "consistent_hash";

    /// <summary>A random server, with the probabilities at which all gateways together level the queues.</summary>
    public const string Coordinated = "coordinated";

    /// <summary>An idle server; if there is none, power of two choices.</summary>
    public const string JoinIdleQueue = "join_idle_queue";

    /// <summary>Two random servers, and of these the one with the lower peak of response times.</summary>
    public const string PeakEwma = "peak_ewma";

    /// <summary>Two random servers, and of these the one with the shorter queue.</summary>
    public const string PowerOfTwoChoices = "power_of_two_choices";

    /// <summary>The fastest of the servers without a high load.</summary>
    public const string Prequal = "prequal";

    /// <summary>A random server.</summary>
    public const string Random = "random";

    /// <summary>One server after the other, regardless of their queues.</summary>
    public const string RoundRobin = "round_robin";

    /// <summary>The fewest requests per worker; the default.</summary>
    public const string ShortestQueue = "shortest_queue";

    /// <summary>The fewest requests relative to the weight.</summary>
    public const string WeightedLeastConnection = "weighted_least_connection";

    /// <summary>The shortest response time, multiplied by the requests in flight, relative to the weight.</summary>
    public const string WeightedResponseTime = "weighted_response_time";

    /// <summary>One server after the other, in proportion to the weights.</summary>
    public const string WeightedRoundRobin = "weighted_round_robin";

    private static readonly FrozenDictionary<string, (PolicyKind Kind, Func<IBalancingPolicy> Create)> ByName =
        new Dictionary<string, (PolicyKind, Func<IBalancingPolicy>)>(StringComparer.Ordinal)
        {
            [ConsistentHash] = (PolicyKind.Static, () => new ConsistentHashPolicy()),
            [Coordinated] = (PolicyKind.Dynamic, () => new CoordinatedPolicy()),
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

    /// <summary>All names in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether a policy of this name exists. Names are case-sensitive.</summary>
    public static bool Exists(string name) => ByName.ContainsKey(name);

    /// <summary>Returns the names of one kind in alphabetical order.</summary>
    public static IReadOnlyList<string> NamesOf(PolicyKind kind) => [.. Names.Where(name => KindOf(name) == kind)];

    /// <summary>Returns the kind of a policy.</summary>
    /// <exception cref="ArgumentException">There is no policy of this name.</exception>
    public static PolicyKind KindOf(string name) => Find(name).Kind;

    /// <summary>Creates an instance of a policy. It is not safe for several threads.</summary>
    /// <exception cref="ArgumentException">There is no policy of this name.</exception>
    public static IBalancingPolicy Create(string name) => Find(name).Create();

    private static (PolicyKind Kind, Func<IBalancingPolicy> Create) Find(string name) => ByName.TryGetValue(name, out var policy)
        ? policy
        : throw new ArgumentException($"There is no policy '{name}'. The policies are: {string.Join(", ", Names)}.", nameof(name));
}

/// <summary>Whether a policy depends on the load.</summary>
public enum PolicyKind
{
    /// <summary>
    /// The policy chooses by order, chance, weight or client, regardless of the load. Lost, stalled and ejected servers are excluded as
    /// with every policy, and <c>consistent_hash</c> skips a server that exceeds its bound.
    /// </summary>
    Static,

    /// <summary>The policy chooses by the load or the response times of the servers.</summary>
    Dynamic,
}
