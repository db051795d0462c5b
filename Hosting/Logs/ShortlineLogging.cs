using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Shortline.Hosting;

/// <summary>Sets up logging: the files of section <c>logs</c>, and the console.</summary>
public static class ShortlineLogging
{
    /// <summary>Replaces every provider by log files and, unless told otherwise, the console.</summary>
    /// <param name="logging">The host's logging, or that of <see cref="LoggerFactory.Create"/>.</param>
    /// <param name="settings">Section <c>logs</c>.</param>
    /// <param name="processCategory">Whose file takes what has none of its own: <c>LogCategories.Silo("silo-1")</c>.</param>
    /// <param name="console">False where the program draws on the console itself.</param>
    public static ILoggingBuilder AddShortlineLogs(this ILoggingBuilder logging, LogSettings settings, string processCategory, bool console = true)
    {
        ArgumentNullException.ThrowIfNull(logging);
        ArgumentNullException.ThrowIfNull(settings);
        var level = Enum.Parse<LogLevel>(settings.Level, ignoreCase: true);
        logging.ClearProviders().SetMinimumLevel(level);

        // The frameworks' information is about themselves; who looks for a fault in them sets debug.
        var frameworks = level <= LogLevel.Debug || level > LogLevel.Warning ? level : LogLevel.Warning;
        foreach (var framework in (string[])["Microsoft", "Npgsql", "Orleans", "Polly", "System"])
            logging.AddFilter(framework, frameworks);

        logging.Services.TryAddSingleton(TimeProvider.System);
        if (console)
            AddConsole(logging);
        if (settings.Directory.Length > 0)
        {
            logging.Services.AddSingleton<ILoggerProvider>(
                services => new LogFilesProvider(settings, processCategory, services.GetRequiredService<TimeProvider>(), Console.Error));
        }

        return logging;
    }

    private static void AddConsole(ILoggingBuilder logging) => logging
        .AddConsole(options =>
        {
            options.FormatterName = ConsoleLines.FormatterName;
            options.LogToStandardErrorThreshold = ConsoleLines.ErrorThreshold;

            // A terminal that is stopped must not stop the program.
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        })
        .AddConsoleFormatter<ConsoleLines, ConsoleFormatterOptions>();
}
