namespace Shortline.Bench.Algorithms;

/// <summary>A real fleet to be measured under each algorithm.</summary>
internal sealed record AlgorithmsOptions
{
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>What each server weighs: one for each.</summary>
    public required IReadOnlyList<int> Weights { get; init; }

    /// <summary>How fast each server is: as its weight says, 1 on average.</summary>
    public IReadOnlyList<double> Speeds => [.. Weights.Select(weight => weight / Weights.Average())];

    public int Gateways { get; init; } = 1;

    /// <summary>Work that arrives, as a part of what all servers can do.</summary>
    public double Load { get; init; } = 0.9;

    /// <summary>Milliseconds of a mean service.</summary>
    public double ServiceMs { get; init; } = 50;

    /// <summary>Length of each run.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    public int Seed { get; init; } = 1;
}
