namespace Shortline.Hosting;

/// <summary>Section <c>controller</c>.</summary>
internal static class ControllerKeys
{
    public static IEnumerable<SettingKey> All { get; } =
        new SectionKeys<ControllerSettings>("controller", all => all.Controller, (all, section) => all with { Controller = section })
        {
            {
                "port", s => s.Port, (s, v) => s with { Port = v }, new WholeNumber<int>(1, 65_535),
                "Port of the dashboard, the admin API, health and metrics."
            },
            {
                "interval_ms", s => s.IntervalMs, (s, v) => s with { IntervalMs = v }, new WholeNumber<int>(10, 60_000),
                "Milliseconds between two looks at the fleet; a threshold that is crossed is acted on at once."
            },
            {
                "stable_window_ms", s => s.StableWindowMs, (s, v) => s with { StableWindowMs = v }, new WholeNumber<int>(100, 3_600_000),
                "Milliseconds over which load is averaged, and during which the fleet must not need a server before it is drained."
            },
            {
                "panic_window_ms", s => s.PanicWindowMs, (s, v) => s with { PanicWindowMs = v }, new WholeNumber<int>(10, 3_600_000),
                "Milliseconds over which load is averaged to notice a sudden rise."
            },
        };
}
