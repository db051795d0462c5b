using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>Section <c>controller</c>: how the fleet is scaled.</summary>
public sealed record ControllerSettings
{
    /// <summary>Port of the dashboard, the admin API, health and metrics.</summary>
    [ConfigurationKeyName("port"), Range(1, 65_535)]
    public int Port { get; init; } = 55_000;

    /// <summary>Milliseconds between two checks of the fleet. The controller acts on a crossed threshold at once.</summary>
    [ConfigurationKeyName("interval_ms"), Range(10, 60_000)]
    public int IntervalMs { get; init; } = 1000;

    /// <summary>Milliseconds over which the load is averaged. A server is drained only if the fleet did not need it for this long.</summary>
    [ConfigurationKeyName("stable_window_ms"), Range(100, 3_600_000)]
    public int StableWindowMs { get; init; } = 60_000;

    /// <summary>Milliseconds over which the load is averaged to notice a sudden rise.</summary>
    [ConfigurationKeyName("panic_window_ms"), Range(10, 3_600_000)]
    public int PanicWindowMs { get; init; } = 6000;
}
