using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shortline.Hosting;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Hosting;

/// <summary>A folder of the test's own, and loggers that write to it.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-logs-");
    private readonly StringWriter _told = new();
    private readonly TextWriter _error;

    public LogFolder() => _error = TextWriter.Synchronized(_told);

    public string Path => _folder.FullName;

    public ManualTimeProvider Time { get; } = new();

    /// <summary>What was told on the error stream so far.</summary>
    public string Error
    {
        get
        {
            // What the writer itself locks.
            lock (_error)
                return _told.ToString();
        }
    }

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    public LogSettings Settings(long fileSizeLimit = 10_000_000, int filesKept = 5) => new()
    {
        Directory = Path,
        FileSizeLimit = fileSizeLimit,
        FilesKept = filesKept,
    };

    public LogFilesProvider Open(LogSettings? settings = null) =>
        new(settings ?? Settings(), LogCategories.Silo("one"), Time, _error);

    /// <summary>Logs by the way that programs do, and waits until all is written.</summary>
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
