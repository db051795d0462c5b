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

/// <summary>What a pick depends on besides the servers.</summary>
/// <param name="Key">A hash of what the request belongs to (its client), for policies that keep clients together.</param>
/// <param name="NowMs">The time in milliseconds, from any beginning; never goes back.</param>
/// <param name="Random">The source of chance, the picking thread's own.</param>
public readonly record struct PickContext(ulong Key, double NowMs, Random Random);

/// <summary>How a request ended that the observing gateway had sent to a server.</summary>
/// <param name="Slot">The server's <see cref="Candidate.Slot"/>.</param>
/// <param name="NowMs">When, on the clock of <see cref="PickContext.NowMs"/>.</param>
/// <param name="ResponseTimeMs">Milliseconds from when it was sent to when it ended.</param>
/// <param name="Failed">Whether the handler failed or the time ran out. A rejected request has not run and is not observed.</param>
/// <param name="LoadWhenSent">The <see cref="Candidate.Load"/> with which it was picked.</param>
/// <param name="Load">Requests that the server has left, waiting and in service, as it says itself; -1 if it does not say.</param>
public readonly record struct Observation(int Slot, double NowMs, double ResponseTimeMs, bool Failed, int LoadWhenSent = 0, int Load = -1);
