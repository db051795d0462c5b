namespace Shortline.Bench.Algorithms;

/// <summary>The real fleet that is measured with each algorithm.</summary>
internal sealed record AlgorithmsOptions
{
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>The weight of each server.</summary>
    public required IReadOnlyList<int> Weights { get; init; }

    /// <summary>The speed of each server: proportional to its weight, 1 on average.</summary>
    public IReadOnlyList<double> Speeds => [.. Weights.Select(weight => weight / Weights.Average())];

    public int Gateways { get; init; } = 1;

    /// <summary>Work that arrives, as a fraction of the capacity of all servers.</summary>
    public double Load { get; init; } = 0.9;

    /// <summary>Mean service time in milliseconds.</summary>
    public double ServiceMs { get; init; } = 50;

    /// <summary>The length of each run.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    public int Seed { get; init; } = 1;
}
