using Shortline.Hosting.Settings;

namespace Shortline.Unit.Tests.Fleet;

/// <summary>A fleet of one server with a short timeout for external servers.</summary>
public sealed class SmallFleet : IAsyncLifetime
{
    /// <summary>The stall limit is so long that only the ejection moves requests of an external server to others.</summary>
    internal static readonly ShortlineSettings Settings = new()
    {
        Server = new() { Count = 1, QueueUpdateInterval = 0.2, DrainTimeoutMs = 200 },
        LoadBalancer = new() { ExternalTimeoutMs = 600, StallMs = 60_000, SlowStartMs = 0, RefreshIntervalMs = 100 },
        Controller = new() { IntervalMs = 100 },
    };

    internal FleetHost Fleet { get; private set; } = null!;

    public async Task InitializeAsync() => Fleet = await FleetHost.Start(Settings);

    public async Task DisposeAsync() => await Fleet.DisposeAsync();
}
