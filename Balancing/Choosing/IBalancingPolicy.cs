namespace Shortline.Balancing.Choosing;

/// <summary>A policy by which a gateway chooses the server of a request.</summary>
/// <remarks>
/// <para>
/// A policy keeps the servers in an order of its own and is told of each change, so that a choice does not look at all servers: it takes
/// constant or logarithmic time. In steady state nothing is allocated. An instance is not safe for several threads.
/// </para>
/// <para>The caller leaves out servers that must not receive work: lost, stalled or ejected ones, and those that warm up and are full.</para>
/// </remarks>
public interface IBalancingPolicy
{
    /// <summary>The value of <c>load_balancer.algorithm</c> that selects this policy.</summary>
    string Name { get; }

    /// <summary>Makes a server available, or tells the policy of a change of an available one.</summary>
    void Set(in Candidate server);

    /// <summary>Makes a server unavailable until it is set again. The policy keeps what it has learnt of the server.</summary>
    void Exclude(int slot);

    /// <summary>Forgets the server of a slot. Another server may get the slot.</summary>
    void Forget(int slot);

    /// <summary>Chooses one of the available servers.</summary>
    /// <param name="context">The other inputs.</param>
    /// <param name="tried">
    /// The slots of servers that must not be chosen for this request, such as those that had it before. Few, in any order.
    /// </param>
    /// <returns>The slot of the server; -1 if none is available for this request.</returns>
    int Pick(in PickContext context, ReadOnlySpan<int> tried);

    /// <summary>
    /// The number of requests at the server chosen last, waiting and in service, from which on it should return the request, so that another
    /// one is chosen; <see cref="int.MaxValue"/> if it should always keep it.
    /// </summary>
    int MostLoad => int.MaxValue;

    /// <summary>Records how a request ended.</summary>
    void Observe(in Observation observation)
    {
    }
}

/// <summary>The inputs of a choice besides the servers.</summary>
/// <param name="Key">
/// The affinity key of the request (a hash of its client), for policies that send a client always to the same server.
/// </param>
/// <param name="NowMs">The time in milliseconds of a monotonic clock.</param>
/// <param name="Random">The random source of the calling thread.</param>
/// <param name="Gateways">The number of gateways that send to these servers, this one included.</param>
public readonly record struct PickContext(ulong Key, double NowMs, Random Random, int Gateways = 1);

/// <summary>How a request of this gateway ended at a server.</summary>
/// <param name="Slot">The server's <see cref="Candidate.Slot"/>.</param>
/// <param name="NowMs">The time, on the clock of <see cref="PickContext.NowMs"/>.</param>
/// <param name="ResponseTimeMs">Milliseconds from sending the request to its end.</param>
/// <param name="Failed">
/// Whether the handler failed or the deadline passed. Rejected requests are not observed, because they did not run.
/// </param>
/// <param name="LoadWhenSent">The <see cref="Candidate.Load"/> at the time of the choice.</param>
/// <param name="Load">The remaining requests at the server, waiting and in service, as the server reports; -1 if unknown.</param>
public readonly record struct Observation(int Slot, double NowMs, double ResponseTimeMs, bool Failed, int LoadWhenSent = 0, int Load = -1)
{
    /// <summary>Whether the time is an average of many already, so that it replaces earlier ones.</summary>
    public bool IsAverage { get; init; }
}
