namespace Shortline.Bench.Udp;

/// <summary>What the UDP benchmark is asked to do.</summary>
internal sealed record UdpOptions
{
    public required TimeSpan Duration { get; init; }
    public required TimeSpan WarmUp { get; init; }
    public required int Rounds { get; init; }
    public required IReadOnlyList<int> Outstanding { get; init; }

    /// <summary>Sockets that the load comes from; fewer where fewer requests are outstanding.</summary>
    public required int Peers { get; init; }
    public required int Servers { get; init; }

    /// <summary>Peers at a load: each has at least one request outstanding.</summary>
    public int PeersAt(int outstanding) => Math.Min(Peers, outstanding);

    /// <summary>Names of the targets to run; empty for the usual ones.</summary>
    public required IReadOnlyList<string> Only { get; init; }
}
