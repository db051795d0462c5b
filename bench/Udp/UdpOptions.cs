namespace Shortline.Bench;

/// <summary>What the UDP benchmark is asked to do.</summary>
internal sealed record UdpOptions
{
    public required TimeSpan Duration { get; init; }
    public required TimeSpan WarmUp { get; init; }
    public required int Rounds { get; init; }
    public required IReadOnlyList<int> Outstanding { get; init; }
    public required int Servers { get; init; }

    /// <summary>Names of the targets to run; empty for the usual ones.</summary>
    public required IReadOnlyList<string> Only { get; init; }
}
