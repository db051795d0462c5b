namespace Shortline.Balancing;

/// <summary>How a gateway chooses the server of a request.</summary>
/// <remarks>
/// A policy may remember what it has picked and seen: each instance has one owner and is not safe for several threads. In steady state it allocates
/// nothing. The caller leaves out servers that must not get work (those that are lost, hang, only fail, or hold their fill while they warm up), and serves the case of a single server itself.
/// </remarks>
public interface IBalancingPolicy
{
    /// <summary>The name that <c>load_balancer.algorithm</c> uses.</summary>
    string Name { get; }

    /// <summary>Chooses one of the candidates.</summary>
    /// <param name="candidates">The servers, at least one, in an order that stays the same while the set of servers does.</param>
    /// <param name="context">What else counts.</param>
    /// <returns>An index into <paramref name="candidates"/>.</returns>
    int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context);

    /// <summary>Takes note of how a request ended.</summary>
    void Observe(in Observation observation)
    {
    }

    /// <summary>There is a new server in a slot. Called for those that are there already when the policy begins, too.</summary>
    void Added(int slot)
    {
    }

    /// <summary>The server of a slot is gone; another one may get the slot.</summary>
    void Removed(int slot)
    {
    }
}
