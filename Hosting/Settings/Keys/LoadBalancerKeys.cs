namespace Shortline.Hosting;

/// <summary>Section <c>load_balancer</c>. Which algorithms there are is known to the caller alone.</summary>
internal static class LoadBalancerKeys
{
    public static IEnumerable<SettingKey> All(IReadOnlyCollection<string> algorithms) =>
        new SectionKeys<LoadBalancerSettings>("load_balancer", all => all.LoadBalancer, (all, section) => all with { LoadBalancer = section })
        {
            {
                "address", s => s.Address, (s, v) => s with { Address = v }, new IpAddress(),
                "Address the gateway listens on."
            },
            {
                "server_side_port", s => s.ServerSidePort, (s, v) => s with { ServerSidePort = v }, new WholeNumber<int>(0, 65_535),
                "Port where servers that are not grains report; 0 takes a free one."
            },
            {
                "client_side_port", s => s.ClientSidePort, (s, v) => s with { ClientSidePort = v }, new WholeNumber<int>(0, 65_535),
                "Port for clients; 0 takes a free one."
            },
            {
                "allow_external_from", s => s.AllowExternalFrom, (s, v) => s with { AllowExternalFrom = v }, new AddressList(),
                "From where servers that are not grains may report. Empty for nowhere, and then nothing listens on `server_side_port`."
            },
            {
                "external_timeout_ms", s => s.ExternalTimeoutMs, (s, v) => s with { ExternalTimeoutMs = v }, new WholeNumber<int>(100, 600_000),
                "Milliseconds after which a server that is not a grain and does not report gets nothing more; after ten times that it is forgotten."
            },
            {
                "server_scaling_threshold", s => s.ServerScalingThreshold,
                (s, v) => s with { ServerScalingThreshold = v }, new WholeNumber<int>(1, 1_000_000),
                "Mean queue length per ready server above which the fleet grows."
            },
            {
                "algorithm", s => s.Algorithm, (s, v) => s with { Algorithm = v }, new OneOf(algorithms, "the name of an algorithm"),
                "How servers are chosen."
            },
            {
                "attempts", s => s.Attempts, (s, v) => s with { Attempts = v }, new WholeNumber<int>(1, 100),
                "Servers that a request is offered to at most, without those that are draining."
            },
            {
                "batch_limit", s => s.BatchLimit, (s, v) => s with { BatchLimit = v }, new WholeNumber<int>(1, 4096),
                "Requests in one call to a server at most."
            },
            {
                "in_flight_limit", s => s.InFlightLimit, (s, v) => s with { InFlightLimit = v }, new WholeNumber<int>(1, 1_000_000),
                "Requests a gateway waits for at most; more are rejected at once."
            },
            {
                "max_connections", s => s.MaxConnections, (s, v) => s with { MaxConnections = v }, new WholeNumber<int>(1, 100_000),
                "TCP connections of clients at most; more are turned away."
            },
            {
                "idle_timeout_ms", s => s.IdleTimeoutMs, (s, v) => s with { IdleTimeoutMs = v }, new WholeNumber<int>(100, 3_600_000),
                "Milliseconds after which a TCP connection is closed on which no request and no answer has passed."
            },
            {
                "dedupe_window_ms", s => s.DedupeWindowMs, (s, v) => s with { DedupeWindowMs = v }, new WholeNumber<int>(0, 600_000),
                "Milliseconds that an answer is kept for repeats of its request."
            },
            {
                "dedupe_limit", s => s.DedupeLimit, (s, v) => s with { DedupeLimit = v }, new WholeNumber<int>(0, 10_000_000),
                "Answers kept for repeats at most; the oldest go first."
            },
            {
                "default_timeout_ms", s => s.DefaultTimeoutMs, (s, v) => s with { DefaultTimeoutMs = v }, new WholeNumber<int>(1, 3_600_000),
                "Milliseconds that a request lives if it does not say."
            },
            {
                "max_timeout_ms", s => s.MaxTimeoutMs, (s, v) => s with { MaxTimeoutMs = v }, new WholeNumber<int>(1, 3_600_000),
                "Milliseconds that a request lives at most, whatever it says."
            },
            {
                "stall_ms", s => s.StallMs, (s, v) => s with { StallMs = v }, new WholeNumber<int>(10, 600_000),
                "Milliseconds that a server may have work and answer nothing before it gets no more, at least."
            },
            {
                "ejection_failures", s => s.EjectionFailures, (s, v) => s with { EjectionFailures = v }, new WholeNumber<int>(0, 1000),
                "Failures in a row (errors, or no answer in time) after which a server gets nothing for a while; 0 for never."
            },
            {
                "ejection_ms", s => s.EjectionMs, (s, v) => s with { EjectionMs = v }, new WholeNumber<int>(100, 3_600_000),
                "Milliseconds of a server's first such ejection; the second takes twice as long, and so on."
            },
            {
                "ejection_max_ms", s => s.EjectionMaxMs, (s, v) => s with { EjectionMaxMs = v }, new WholeNumber<int>(100, 3_600_000),
                "Milliseconds that an ejection takes at most."
            },
            {
                "ejection_max_percent", s => s.EjectionMaxPercent, (s, v) => s with { EjectionMaxPercent = v }, new WholeNumber<int>(0, 100),
                "Percent of the servers that are ejected at the same time at most; one always may be, unless it is the only one."
            },
            {
                "slow_start_ms", s => s.SlowStartMs, (s, v) => s with { SlowStartMs = v }, new WholeNumber<int>(0, 600_000),
                "Milliseconds a new server takes to get its full share; 0 turns slow start off."
            },
            {
                "refresh_interval_ms", s => s.RefreshIntervalMs, (s, v) => s with { RefreshIntervalMs = v }, new WholeNumber<int>(10, 60_000),
                "Milliseconds between two looks at the balancer's ranking."
            },
            {
                "ranking_stale_ms", s => s.RankingStaleMs, (s, v) => s with { RankingStaleMs = v }, new WholeNumber<int>(100, 600_000),
                "Milliseconds after which a ranking that was not renewed makes the gateway unhealthy."
            },
        };
}
