using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Hosting.Logs;

/// <summary>A temporary folder, and loggers that write to it.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-logs-");
    private readonly StringWriter _reported = new();
    private readonly TextWriter _error;

    public LogFolder() => _error = TextWriter.Synchronized(_reported);

    public string Path => _folder.FullName;

    public FakeTimeProvider Time { get; } = new();

    /// <summary>The text that was written to the error stream so far.</summary>
    public string Error
    {
        get
        {
            // The synchronized writer locks itself.
            lock (_error)
                return _reported.ToString();
        }
    }

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    public LogSettings Settings(long fileSizeLimit = 10_000_000, int filesKept = 5) => new()
    {
        Directory = Path,
        FileSizeLimit = fileSizeLimit,
        FilesKept = filesKept,
    };

    public LogOutputs Open(LogSettings? settings = null) =>
        new(settings ?? Settings(), LogCategories.Silo("one"), console: false, Time, _error);

    /// <summary>Logs as a program does, and waits until all lines are written.</summary>
    public void Log(Action<ILoggerFactory> log, LogSettings? settings = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging => logging.AddShortlineLogs(settings ?? Settings(), LogCategories.Silo("one"), console: false));
        using var provider = services.BuildServiceProvider();
        log(provider.GetRequiredService<ILoggerFactory>());
    }

    public string[] Files() =>
        [.. Directory.GetFiles(Path, "*", SearchOption.AllDirectories).Select(file => System.IO.Path.GetRelativePath(Path, file)).Order(StringComparer.Ordinal)];

    public string[] Lines(string file) => File.ReadAllLines(PathOf(file));

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _error.Dispose();
    }
}
