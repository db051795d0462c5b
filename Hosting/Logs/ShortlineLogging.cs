using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Hosting.Logs;

/// <summary>Sets up logging to the files of section <c>logs</c> and to the console.</summary>
public static class ShortlineLogging
{
    /// <summary>Replaces every logging provider by log files and, by default, the console.</summary>
    /// <param name="logging">The logging of the host, or that of <see cref="LoggerFactory.Create"/>.</param>
    /// <param name="settings">Section <c>logs</c>.</param>
    /// <param name="processCategory">
    /// The category whose file takes the lines of all categories without a file: <c>LogCategories.Silo("silo-1")</c>.
    /// </param>
    /// <param name="console">False if the program draws on the console itself.</param>
    /// <returns><paramref name="logging"/>.</returns>
    public static ILoggingBuilder AddShortlineLogs(this ILoggingBuilder logging, LogSettings settings, string processCategory, bool console = true)
    {
        ArgumentNullException.ThrowIfNull(logging);
        ArgumentNullException.ThrowIfNull(settings);
        var level = Enum.Parse<LogLevel>(settings.Level, ignoreCase: true);
        logging.ClearProviders().SetMinimumLevel(level);

        // Information from the frameworks is about their own work. To find a fault there, set the level to debug.
        var frameworks = level <= LogLevel.Debug || level > LogLevel.Warning ? level : LogLevel.Warning;
        foreach (var framework in (string[])["Microsoft", "Npgsql", "Orleans", "Polly", "System"])
            logging.AddFilter(framework, frameworks);

        logging.Services.TryAddSingleton(TimeProvider.System);
        if (console || settings.Directory.Length > 0)
        {
            // Not by AddSerilog, which adds a filter that overrides those above.
            logging.Services.AddSingleton<ILoggerProvider>(
                services => new LogOutputs(settings, processCategory, console, services.GetRequiredService<TimeProvider>(), Console.Error));
        }

        return logging;
    }
}
