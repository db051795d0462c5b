namespace Shortline.Balancing.Choosing;

/// <summary>A policy by which a gateway chooses the server of a request.</summary>
/// <remarks>
/// A policy may keep state about its choices and observations. An instance is not safe for several threads. In steady state it allocates
/// nothing. The caller excludes servers that must not receive work (lost, stalled or ejected ones, and those that warm up and are full) and
/// does not call the policy for a single server.
/// </remarks>
public interface IBalancingPolicy
{
    /// <summary>The value of <c>load_balancer.algorithm</c> that selects this policy.</summary>
    string Name { get; }

    /// <summary>Chooses one of the candidates.</summary>
    /// <param name="candidates">The servers, at least one. Their order does not change while the set of servers does not change.</param>
    /// <param name="context">The other inputs.</param>
    /// <returns>An index into <paramref name="candidates"/>.</returns>
    int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context);

    /// <summary>Records how a request ended.</summary>
    void Observe(in Observation observation)
    {
    }

    /// <summary>Records a new server. Also called for every server that exists when the policy starts.</summary>
    void Added(int slot)
    {
    }

    /// <summary>Forgets the server of a slot. Another server may get the slot.</summary>
    void Removed(int slot)
    {
    }
}

/// <summary>The inputs of a choice besides the servers.</summary>
/// <param name="Key">
/// The affinity key of the request (a hash of its client), for policies that send a client always to the same server.
/// </param>
/// <param name="NowMs">The time in milliseconds of a monotonic clock.</param>
/// <param name="Random">The random source of the calling thread.</param>
public readonly record struct PickContext(ulong Key, double NowMs, Random Random);

/// <summary>How a request of this gateway ended at a server.</summary>
/// <param name="Slot">The server's <see cref="Candidate.Slot"/>.</param>
/// <param name="NowMs">The time, on the clock of <see cref="PickContext.NowMs"/>.</param>
/// <param name="ResponseTimeMs">Milliseconds from sending the request to its end.</param>
/// <param name="Failed">
/// Whether the handler failed or the deadline passed. Rejected requests are not observed, because they did not run.
/// </param>
/// <param name="LoadWhenSent">The <see cref="Candidate.Load"/> at the time of the choice.</param>
/// <param name="Load">The remaining requests at the server, waiting and in service, as the server reports; -1 if unknown.</param>
public readonly record struct Observation(int Slot, double NowMs, double ResponseTimeMs, bool Failed, int LoadWhenSent = 0, int Load = -1);
