namespace Shortline.Hosting;

/// <summary>Section <c>logs</c>.</summary>
internal static class LogKeys
{
    private static readonly string[] Levels = ["trace", "debug", "information", "warning", "error", "critical", "none"];

    public static IEnumerable<SettingKey> All { get; } =
        new SectionKeys<LogSettings>("logs", all => all.Logs, (all, section) => all with { Logs = section })
        {
            {
                "directory", s => s.Directory, (s, v) => s with { Directory = v }, new FolderName(),
                "Folder of the log files, relative to the working directory; empty writes none."
            },
            {
                "level", s => s.Level, (s, v) => s with { Level = v }, new OneOf(Levels),
                "Least severe level written."
            },
            {
                "file_size_limit", s => s.FileSizeLimit, (s, v) => s with { FileSizeLimit = v }, new WholeNumber<long>(10_000, 1_000_000_000),
                "Bytes after which a file is rolled."
            },
            {
                "files_kept", s => s.FilesKept, (s, v) => s with { FilesKept = v }, new WholeNumber<int>(1, 1000),
                "Rolled files kept beside the current one."
            },
        };
}
