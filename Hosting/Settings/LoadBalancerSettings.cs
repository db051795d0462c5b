namespace Shortline.Hosting;

/// <summary>Section <c>load_balancer</c>: the gateway and its choice of servers.</summary>
public sealed record LoadBalancerSettings
{
    /// <summary>Address the gateway listens on; loopback unless told otherwise.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port where servers that are not grains report; 0 takes a free one. 0 to 65535.</summary>
    public int ServerSidePort { get; init; } = 54000;

    /// <summary>Port for clients; 0 takes a free one. 0 to 65535.</summary>
    public int ClientSidePort { get; init; } = 54001;

    /// <summary>From where servers that are not grains may report; empty for nowhere, and then nothing listens for them.</summary>
    public AddressRanges AllowExternalFrom { get; init; } = AddressRanges.Loopback;

    /// <summary>Milliseconds after which such a server that does not report gets nothing more. 100 to 600,000.</summary>
    public int ExternalTimeoutMs { get; init; } = 3000;

    /// <summary>Mean queue length per ready server above which the fleet grows. 1 to 1,000,000.</summary>
    public int ServerScalingThreshold { get; init; } = 5;

    /// <summary>How servers are chosen: the name of an algorithm.</summary>
    public string Algorithm { get; init; } = "shortest_queue";

    /// <summary>Servers that a request is offered to at most, without those that are draining. 1 to 100.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Requests in one call to a server at most. 1 to 4096.</summary>
    public int BatchLimit { get; init; } = 256;

    /// <summary>Requests a gateway waits for at most; more are rejected at once. 1 to 1,000,000.</summary>
    public int InFlightLimit { get; init; } = 16_384;

    /// <summary>TCP connections of clients at most; more are turned away. 1 to 100,000.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Milliseconds after which a TCP connection is closed on which no request and no answer has passed. 100 to 3,600,000.</summary>
    public int IdleTimeoutMs { get; init; } = 60_000;

    /// <summary>Milliseconds that an answer is kept for repeats of its request. 0 to 600,000.</summary>
    public int DedupeWindowMs { get; init; } = 5000;

    /// <summary>Answers kept for repeats at most; the oldest go first. 0 to 10,000,000.</summary>
    public int DedupeLimit { get; init; } = 65_536;

    /// <summary>Milliseconds that a request lives if it does not say. 1 to 3,600,000.</summary>
    public int DefaultTimeoutMs { get; init; } = 5000;

    /// <summary>Milliseconds that a request lives at most, whatever it says. <see cref="DefaultTimeoutMs"/> to 3,600,000.</summary>
    public int MaxTimeoutMs { get; init; } = 60_000;

    /// <summary>Milliseconds that a server may have work and answer nothing before it gets no more, at least. 10 to 600,000.</summary>
    public int StallMs { get; init; } = 500;

    /// <summary>Failures in a row (errors, or no answer in time) after which a server gets nothing for a while; 0 for never. 0 to 1000.</summary>
    public int EjectionFailures { get; init; } = 5;

    /// <summary>Milliseconds of a server's first such ejection; the second takes twice as long, and so on. 100 to 3,600,000.</summary>
    public int EjectionMs { get; init; } = 30_000;

    /// <summary>Milliseconds that an ejection takes at most. <see cref="EjectionMs"/> to 3,600,000.</summary>
    public int EjectionMaxMs { get; init; } = 300_000;

    /// <summary>Percent of the servers that are ejected at the same time at most; one always may be, unless it is the only one. 0 to 100.</summary>
    public int EjectionMaxPercent { get; init; } = 10;

    /// <summary>Milliseconds a new server takes to get its full share; 0 turns slow start off. 0 to 600,000.</summary>
    public int SlowStartMs { get; init; } = 1000;

    /// <summary>Milliseconds between two looks at the balancer's ranking. 10 to 60,000.</summary>
    public int RefreshIntervalMs { get; init; } = 1000;

    /// <summary>Milliseconds after which a ranking that was not renewed makes the gateway unhealthy. 100 to 600,000.</summary>
    public int RankingStaleMs { get; init; } = 5000;
}
