using Microsoft.Extensions.Logging;

namespace Shortline.Hosting;

/// <summary>Loggers that write to files, each category to its own (see <see cref="LogCategories"/>) or to the file of the process.</summary>
[ProviderAlias("Files")]
internal sealed class LogFilesProvider(LogSettings settings, string processCategory, TimeProvider time, TextWriter error) : ILoggerProvider
{
    private readonly LogLossNotice _losses = new(time, error);
    private readonly string _processFile = LogFileName.Of(processCategory)
        ?? throw new ArgumentException($"'{processCategory}' is no category of LogCategories.", nameof(processCategory));

    private LogFileWriter? _writer;

    public long LinesLost => _losses.Lost;

    public ILogger CreateLogger(string categoryName)
    {
        // The folder is made with the first logger, not with the first registration.
        var writer = LazyInitializer.EnsureInitialized(ref _writer, () => new LogFileWriter(settings, _losses));
        return new FileLogger(writer, time, categoryName, LogFileName.Of(categoryName) ?? _processFile);
    }

    public void Dispose() => _writer?.Dispose();

    private sealed class FileLogger(LogFileWriter writer, TimeProvider time, string category, string file) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                writer.Enqueue(file, LogLine.ForFile(time.GetUtcNow(), logLevel, category, eventId, formatter(state, exception), exception));
        }
    }
}
