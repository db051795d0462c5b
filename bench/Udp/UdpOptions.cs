namespace Shortline.Bench.Udp;

/// <summary>The options of the UDP benchmark.</summary>
internal sealed record UdpOptions
{
    public required TimeSpan Duration { get; init; }
    public required TimeSpan WarmUp { get; init; }
    public required int Rounds { get; init; }
    public required IReadOnlyList<int> Outstanding { get; init; }

    /// <summary>The number of sockets that the load comes from; fewer if fewer requests are outstanding.</summary>
    public required int Peers { get; init; }
    public required int Servers { get; init; }

    /// <summary>The number of silos behind a gateway that is a process of its own.</summary>
    public required int Silos { get; init; }

    /// <summary>Returns the number of peers at a load, each with at least one outstanding request.</summary>
    public int PeersAt(int outstanding) => Math.Min(Peers, outstanding);

    /// <summary>The names of the targets to run; empty for all but <c>portable</c>.</summary>
    public required IReadOnlyList<string> Only { get; init; }
}
