using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>Section <c>client</c>: the defaults of the client tool.</summary>
public sealed record ClientSettings
{
    /// <summary>Clients that run at the same time.</summary>
    [ConfigurationKeyName("count"), Range(1, 10_000)]
    public int Count { get; init; } = 10;

    /// <summary>First local port that a client may bind.</summary>
    [ConfigurationKeyName("port_range_start"), Range(1, 65_535)]
    public int PortRangeStart { get; init; } = 51_000;

    /// <summary>Port after the last one that a client may bind.</summary>
    [ConfigurationKeyName("port_range_end"), Range(2, 65_536)]
    public int PortRangeEnd { get; init; } = 52_000;

    /// <summary>Id of the first client. The other clients have the ids after it.</summary>
    [ConfigurationKeyName("start_id"), Range(0, double.MaxValue)]
    public long StartId { get; init; } = 1000;

    /// <summary>Milliseconds after which a client gives up a request, retries included.</summary>
    [ConfigurationKeyName("timeout_ms"), Range(1, 3_600_000)]
    public int TimeoutMs { get; init; } = 5000;

    /// <summary>How often a client sends a request again before it gives up.</summary>
    [ConfigurationKeyName("retries"), Range(0, 100)]
    public int Retries { get; init; } = 3;

    /// <summary>Retries of all requests of a client together, in percent of its requests of the last ten seconds.</summary>
    [ConfigurationKeyName("retry_budget_percent"), Range(0, 100)]
    public int RetryBudgetPercent { get; init; } = 20;

    /// <summary>Retries a second that a client may have beyond <c>retry_budget_percent</c>.</summary>
    [ConfigurationKeyName("retry_budget_per_second"), Range(0, 100_000)]
    public int RetryBudgetPerSecond { get; init; } = 10;
}
