namespace Shortline.Hosting;

/// <summary>Section <c>logs</c>: log files.</summary>
public sealed record LogSettings
{
    /// <summary>Folder of the log files, relative to the working directory; empty writes none.</summary>
    public string Directory { get; init; } = "logs";

    /// <summary>Least severe level written: trace, debug, information, warning, error, critical, none.</summary>
    public string Level { get; init; } = "information";

    /// <summary>Bytes after which a file is rolled. 10,000 to 1,000,000,000.</summary>
    public long FileSizeLimit { get; init; } = 10_000_000;

    /// <summary>Rolled files kept beside the current one. 1 to 1000.</summary>
    public int FilesKept { get; init; } = 5;
}
