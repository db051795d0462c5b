namespace Shortline.Bench.Loss;

/// <summary>The options of the loss benchmark.</summary>
internal sealed record LossOptions
{
    /// <summary>Requests a second.</summary>
    public required double Rate { get; init; }

    /// <summary>The least length of a run. The scenario happens after a third of it.</summary>
    public required TimeSpan Duration { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Names of the scenarios to run; empty for all.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>The connection string of a PostgreSQL database for the membership; null for a SQLite file.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>A file to which the tables are written as well; null for none.</summary>
    public FileInfo? Report { get; init; }

    /// <summary>A folder for the logs of the processes; null for none.</summary>
    public DirectoryInfo? Logs { get; init; }
}
