namespace Shortline.Balancing;

/// <summary>How a gateway chooses the server of a request.</summary>
/// <remarks>
/// A policy may keep a cursor between picks: each instance has one owner and is not safe for several threads. It allocates nothing.
/// The caller leaves out servers that must not get work, and serves the case of a single server itself.
/// </remarks>
public interface IBalancingPolicy
{
    /// <summary>The name that <c>load_balancer.algorithm</c> uses.</summary>
    string Name { get; }

    /// <summary>Chooses one of the candidates.</summary>
    /// <param name="candidates">The servers, at least one, in an order that stays the same while the set of servers does.</param>
    /// <param name="key">A hash of what the request belongs to (its client), for policies that keep clients together.</param>
    /// <param name="random">The source of chance, the picking thread's own.</param>
    /// <returns>An index into <paramref name="candidates"/>.</returns>
    int Pick(ReadOnlySpan<Candidate> candidates, ulong key, Random random);
}
