namespace Shortline.Playground;

/// <summary>Settings that make a fleet of one process worth watching. They win over <c>config.json</c>, everything else wins over them.</summary>
internal static class PlaygroundDefaults
{
    /// <summary>How long a run lasts that nobody can end with a key.</summary>
    public static TimeSpan DurationWithoutTerminal { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The settings, given how many servers were asked for (null: nobody said).</summary>
    public static IReadOnlyDictionary<string, string> For(string? servers)
    {
        var room = int.TryParse(servers, out var count) ? Math.Clamp(2 * count, 16, 1000) : 16;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["server.count"] = "4",
            ["server.max_count"] = $"{room}",
            ["server.max_per_silo"] = $"{room}",

            // A queue that is drawn ten times a second should be known as often.
            ["server.queue_update_interval"] = "0.1",

            // Growing and shrinking within the patience of somebody who watches.
            ["controller.interval_ms"] = "200",
            ["controller.stable_window_ms"] = "15000",
            ["controller.panic_window_ms"] = "3000",

            // Any free port, so that it runs beside a gateway, and beside itself.
            ["load_balancer.client_side_port"] = "0",
        };
    }

    /// <summary>Something to list and to fetch, unless the settings name a folder.</summary>
    public static ShortlineSettings WithFiles(ShortlineSettings settings)
    {
        var served = Path.Combine(AppContext.BaseDirectory, "Served");
        return settings.Server.FileRoot.Length > 0 || !Directory.Exists(served)
            ? settings
            : settings with { Server = settings.Server with { FileRoot = served } };
    }
}
