using Shortline.Hosting.Settings;

namespace Shortline.Playground.Command;

/// <summary>Defaults for a fleet that a person watches. They override <c>config.json</c>; all other sources override them.</summary>
internal static class PlaygroundDefaults
{
    /// <summary>The duration of a run without a terminal, which no key can end.</summary>
    public static TimeSpan DurationWithoutTerminal { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The defaults for a number of servers; null if the command line does not name it.</summary>
    public static IReadOnlyDictionary<string, string> For(string? servers)
    {
        var room = int.TryParse(servers, out var count) ? Math.Clamp(2 * count, 16, 1000) : 16;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["server.count"] = "4",
            ["server.max_count"] = $"{room}",
            ["server.max_per_silo"] = $"{room}",

            // The screen draws queues ten times a second, so servers report as often.
            ["server.queue_update_interval"] = "0.1",

            // The fleet grows and shrinks fast enough for a viewer.
            ["controller.interval_ms"] = "200",
            ["controller.stable_window_ms"] = "15000",
            ["controller.panic_window_ms"] = "3000",

            // Any free port, so that the playground runs beside a gateway or another playground.
            ["load_balancer.client_side_port"] = "0",
        };
    }

    /// <summary>Serves the playground's own folder unless the settings name one.</summary>
    public static ShortlineSettings WithFiles(ShortlineSettings settings)
    {
        var served = Path.Combine(AppContext.BaseDirectory, "Served");
        return settings.Server.FileRoot.Length > 0 || !Directory.Exists(served)
            ? settings
            : settings with { Server = settings.Server with { FileRoot = served } };
    }
}
