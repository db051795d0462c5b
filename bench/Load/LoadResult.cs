namespace Shortline.Bench.Load;

/// <summary>The result of one measurement. Latencies are in microseconds, processor times in seconds.</summary>
internal sealed record LoadResult
{
    public required double Seconds { get; init; }

    /// <summary>Requests answered <c>ok</c>. Rate and latencies count only these.</summary>
    public required long Answered { get; init; }

    /// <summary>Requests answered with another status.</summary>
    public required long NotOk { get; init; }

    /// <summary>Requests without a response within a second.</summary>
    public required long Lost { get; init; }

    public required double P50 { get; init; }
    public required double P99 { get; init; }
    public required double TargetProcessor { get; init; }
    public required double GeneratorProcessor { get; init; }

    /// <summary>The number of processors that other processes kept busy.</summary>
    public required double BusyElsewhere { get; init; }

    internal double Rate => Answered / Seconds;

    internal double TargetPer100K => TargetProcessor / Math.Max(1, Answered) * 100_000;

    internal double GeneratorPer100K => GeneratorProcessor / Math.Max(1, Answered) * 100_000;
}
