using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Shortline.Hosting.Settings.Schema;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>Section <c>logs</c>: log files.</summary>
public sealed record LogSettings
{
    /// <summary>Folder of the log files, relative to the working directory. If empty, no files are written.</summary>
    [ConfigurationKeyName("directory"), Text(TextKind.Folder)]
    public string Directory { get; init; } = "logs";

    /// <summary>Least severe level that is logged.</summary>
    [ConfigurationKeyName("level"), AllowedValues("trace", "debug", "information", "warning", "error", "critical", "none")]
    public string Level { get; init; } = "information";

    /// <summary>Size in bytes at which a log file is rolled.</summary>
    [ConfigurationKeyName("file_size_limit"), Range(10_000d, 1_000_000_000d)]
    public long FileSizeLimit { get; init; } = 10_000_000;

    /// <summary>Rolled files that are kept beside the current one.</summary>
    [ConfigurationKeyName("files_kept"), Range(1, 1000)]
    public int FilesKept { get; init; } = 5;
}
