namespace Shortline.Hosting;

/// <summary>Section <c>client</c>.</summary>
internal static class ClientKeys
{
    public static IEnumerable<SettingKey> All { get; } =
        new SectionKeys<ClientSettings>("client", all => all.Client, (all, section) => all with { Client = section })
        {
            {
                "count", s => s.Count, (s, v) => s with { Count = v }, new WholeNumber<int>(1, 10_000),
                "Clients that run at once."
            },
            {
                "port_range_start", s => s.PortRangeStart, (s, v) => s with { PortRangeStart = v }, new WholeNumber<int>(1, 65_535),
                "First local port a client may bind."
            },
            {
                "port_range_end", s => s.PortRangeEnd, (s, v) => s with { PortRangeEnd = v }, new WholeNumber<int>(2, 65_536),
                "Port after the last a client may bind."
            },
            {
                "start_id", s => s.StartId, (s, v) => s with { StartId = v }, new WholeNumber<long>(0, long.MaxValue),
                "Id of the first client; others follow."
            },
            {
                "timeout_ms", s => s.TimeoutMs, (s, v) => s with { TimeoutMs = v }, new WholeNumber<int>(1, 3_600_000),
                "Milliseconds until a request is given up, its retries included."
            },
            {
                "retries", s => s.Retries, (s, v) => s with { Retries = v }, new WholeNumber<int>(0, 100),
                "How often a request is sent again within its time."
            },
        };
}
