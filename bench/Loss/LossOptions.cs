namespace Shortline.Bench.Loss;

/// <summary>What the loss benchmark is asked to do.</summary>
internal sealed record LossOptions
{
    /// <summary>Requests a second.</summary>
    public required double Rate { get; init; }

    /// <summary>How long a run takes at least; the deed is done at a third of it.</summary>
    public required TimeSpan Duration { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Names of the scenarios to run; empty for all.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>On Orleans: a PostgreSQL for the membership; null where there is none, which leaves it to the first silo, whose loss nobody survives then.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Also written there.</summary>
    public FileInfo? Report { get; init; }

    /// <summary>A folder that keeps the processes' output; null keeps none.</summary>
    public DirectoryInfo? Logs { get; init; }
}
