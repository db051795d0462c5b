namespace Shortline.Hosting;

/// <summary>Section <c>server</c>.</summary>
internal static class ServerKeys
{
    public static IEnumerable<SettingKey> All { get; } =
        new SectionKeys<ServerSettings>("server", all => all.Server, (all, section) => all with { Server = section })
        {
            {
                "count", s => s.Count, (s, v) => s with { Count = v }, new WholeNumber<int>(1, 1000),
                "Servers to start with, and never fewer."
            },
            {
                "max_count", s => s.MaxCount, (s, v) => s with { MaxCount = v }, new WholeNumber<int>(1, 1000),
                "Never more servers than this, whatever the load."
            },
            {
                "max_per_silo", s => s.MaxPerSilo, (s, v) => s with { MaxPerSilo = v }, new WholeNumber<int>(1, 1000),
                "Servers that one silo hosts at most."
            },
            {
                "address", s => s.Address, (s, v) => s with { Address = v }, new OwnAddress(),
                "Address where servers have ports of their own, and where clients are sent to that want to talk to them directly."
            },
            {
                "port_range_start", s => s.PortRangeStart, (s, v) => s with { PortRangeStart = v }, new WholeNumber<int>(1, 65_535),
                "First port of the servers' own: server `n` takes the nth, or the next that is free."
            },
            {
                "port_range_end", s => s.PortRangeEnd, (s, v) => s with { PortRangeEnd = v }, new WholeNumber<int>(2, 65_536),
                "Port after the last of the servers' own. If none is free, a server has none and is reached through gateways alone."
            },
            {
                "start_id", s => s.StartId, (s, v) => s with { StartId = v }, new WholeNumber<int>(0, int.MaxValue),
                "Id of the first server; others follow."
            },
            {
                "queue_update_interval", s => s.QueueUpdateInterval, (s, v) => s with { QueueUpdateInterval = v }, new RealNumber(0.05, 3600),
                "Seconds between two reports of a server whose queue does not change. "
                + "This is the slowest heartbeat, not how old the ranking is: replies carry queue lengths."
            },
            {
                "weights", s => s.Weights, (s, v) => s with { Weights = v }, new WeightList(),
                "What share of the work each server gets with an algorithm that weighs them: one weight after the other in the order of the ids, "
                + "and then again from the first; random draws 1 to 9."
            },
            {
                "concurrency", s => s.Concurrency, (s, v) => s with { Concurrency = v }, new WholeNumber<int>(1, 1024),
                "Requests a server works on at once."
            },
            {
                "queue_limit", s => s.QueueLimit, (s, v) => s with { QueueLimit = v }, new WholeNumber<int>(1, 1_000_000),
                "Requests that may wait in a server's queue; more are rejected."
            },
            {
                "drain_timeout_ms", s => s.DrainTimeoutMs, (s, v) => s with { DrainTimeoutMs = v }, new WholeNumber<int>(0, 3_600_000),
                "Milliseconds a draining server gets to finish what it has."
            },
            {
                "hung_after_ms", s => s.HungAfterMs, (s, v) => s with { HungAfterMs = v }, new WholeNumber<int>(10, 3_600_000),
                "Milliseconds that a handler may go on after its request has expired before its worker counts as hung."
            },
            {
                "file_root", s => s.FileRoot, (s, v) => s with { FileRoot = v }, new FolderName(),
                "Folder whose files the operations `directory` and `file` serve, relative to the working directory; it has to exist. Empty serves none."
            },
        };
}
