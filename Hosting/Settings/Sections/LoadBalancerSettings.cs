using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Shortline.Hosting.Settings.Schema;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>Section <c>load_balancer</c>: the gateway and how it chooses servers.</summary>
public sealed record LoadBalancerSettings
{
    /// <summary>Address on which the gateway listens.</summary>
    [ConfigurationKeyName("address"), Text(TextKind.ListenAddress)]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port on which external servers report. 0 takes a free port.</summary>
    [ConfigurationKeyName("server_side_port"), Range(0, 65_535)]
    public int ServerSidePort { get; init; } = 54_000;

    /// <summary>Port for clients. 0 takes a free port.</summary>
    [ConfigurationKeyName("client_side_port"), Range(0, 65_535)]
    public int ClientSidePort { get; init; } = 54_001;

    /// <summary>Addresses from which external servers may report. If empty, the gateway does not listen on <c>server_side_port</c>.</summary>
    [ConfigurationKeyName("allow_external_from")]
    public AddressRanges AllowExternalFrom { get; init; } = AddressRanges.Loopback;

    /// <summary>Secret with which external servers that are not on loopback sign their reports. If empty, only those on loopback may report. A secret: no log or message shows it.</summary>
    [ConfigurationKeyName("join_secret"), Text(TextKind.Secret)]
    public string JoinSecret { get; init; } = "";

    /// <summary>Milliseconds without a report after which an external server gets no more requests. After ten times as long it is removed.</summary>
    [ConfigurationKeyName("external_timeout_ms"), Range(100, 600_000)]
    public int ExternalTimeoutMs { get; init; } = 3000;

    /// <summary>Mean queue length per ready server above which the fleet grows.</summary>
    [ConfigurationKeyName("server_scaling_threshold"), Range(1, 1_000_000)]
    public int ServerScalingThreshold { get; init; } = 5;

    /// <summary>Algorithm that chooses the server of a request.</summary>
    [ConfigurationKeyName("algorithm"), Text(TextKind.Algorithm)]
    public string Algorithm { get; init; } = "shortest_queue";

    /// <summary>Maximum number of servers that the gateway tries for one request. Draining servers do not count.</summary>
    [ConfigurationKeyName("attempts"), Range(1, 100)]
    public int Attempts { get; init; } = 3;

    /// <summary>Maximum number of requests that the gateway sends to a server in one call.</summary>
    [ConfigurationKeyName("batch_limit"), Range(1, 4096)]
    public int BatchLimit { get; init; } = 256;

    /// <summary>Maximum number of requests in flight at a gateway. The gateway rejects further ones at once.</summary>
    [ConfigurationKeyName("in_flight_limit"), Range(1, 1_000_000)]
    public int InFlightLimit { get; init; } = 16_384;

    /// <summary>Megabytes that clients can make the process take, for long requests in flight, answers that they do not read, and responses kept for repeats. Beyond it, gateways and ports of servers reject long requests, and close connections whose clients do not read.</summary>
    [ConfigurationKeyName("memory_limit"), Range(16, 1_000_000)]
    public int MemoryLimit { get; init; } = 512;

    /// <summary>Threads of the gateway that receive datagrams, each with a socket of its own on the port. 0 takes one for every four processors, at most 8. More than one need Linux.</summary>
    [ConfigurationKeyName("receivers"), Range(0, 64)]
    public int Receivers { get; init; }

    /// <summary>PEM or PFX file with the certificate that gateways and servers present to TCP clients, which must then use TLS. If empty, TCP connections are not encrypted. Datagrams never are.</summary>
    [ConfigurationKeyName("certificate"), Text(TextKind.File)]
    public string Certificate { get; init; } = "";

    /// <summary>PEM file with the private key of the certificate, if the certificate's own file does not have it.</summary>
    [ConfigurationKeyName("certificate_key"), Text(TextKind.File)]
    public string CertificateKey { get; init; } = "";

    /// <summary>Password of the private key or of the PFX file. A secret: no log or message shows it.</summary>
    [ConfigurationKeyName("certificate_password"), Text(TextKind.Secret)]
    public string CertificatePassword { get; init; } = "";

    /// <summary>Maximum number of TCP connections of clients. The gateway closes further ones at once.</summary>
    [ConfigurationKeyName("max_connections"), Range(1, 100_000)]
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Milliseconds without a request or response after which the gateway closes a TCP connection.</summary>
    [ConfigurationKeyName("idle_timeout_ms"), Range(100, 3_600_000)]
    public int IdleTimeoutMs { get; init; } = 60_000;

    /// <summary>As <c>idle_timeout_ms</c>, for connections of the text protocol and those on which nothing was sent yet. While more than half of <c>max_connections</c> are open, <c>idle_timeout_ms</c> counts for them too.</summary>
    [ConfigurationKeyName("text_idle_timeout_ms"), Range(100, 86_400_000)]
    public int TextIdleTimeoutMs { get; init; } = 3_600_000;

    /// <summary>Milliseconds that the gateway keeps a response to answer repeats of its request.</summary>
    [ConfigurationKeyName("dedupe_window_ms"), Range(0, 600_000)]
    public int DedupeWindowMs { get; init; } = 5000;

    /// <summary>Maximum number of responses that the gateway keeps for repeats. It drops the oldest first.</summary>
    [ConfigurationKeyName("dedupe_limit"), Range(0, 10_000_000)]
    public int DedupeLimit { get; init; } = 65_536;

    /// <summary>Milliseconds after which a request expires that names no timeout.</summary>
    [ConfigurationKeyName("default_timeout_ms"), Range(1, 3_600_000)]
    public int DefaultTimeoutMs { get; init; } = 5000;

    /// <summary>Longest timeout of a request in milliseconds. Longer ones are shortened to it.</summary>
    [ConfigurationKeyName("max_timeout_ms"), Range(1, 3_600_000)]
    public int MaxTimeoutMs { get; init; } = 60_000;

    /// <summary>Minimum time in milliseconds without a response after which a server that has requests gets no more.</summary>
    [ConfigurationKeyName("stall_ms"), Range(10, 600_000)]
    public int StallMs { get; init; } = 500;

    /// <summary>Failures in a row (errors or timeouts) after which a server is ejected: it gets no requests for a while. 0 turns ejection off.</summary>
    [ConfigurationKeyName("ejection_failures"), Range(0, 1000)]
    public int EjectionFailures { get; init; } = 5;

    /// <summary>Milliseconds that the first ejection of a server lasts. Each further ejection lasts twice as long.</summary>
    [ConfigurationKeyName("ejection_ms"), Range(100, 3_600_000)]
    public int EjectionMs { get; init; } = 30_000;

    /// <summary>Maximum time in milliseconds that an ejection lasts.</summary>
    [ConfigurationKeyName("ejection_max_ms"), Range(100, 3_600_000)]
    public int EjectionMaxMs { get; init; } = 300_000;

    /// <summary>Maximum percentage of servers that are ejected at the same time. One server may always be ejected unless it is the only one.</summary>
    [ConfigurationKeyName("ejection_max_percent"), Range(0, 100)]
    public int EjectionMaxPercent { get; init; } = 10;

    /// <summary>Milliseconds until a new server gets its full share of the requests. 0 turns slow start off.</summary>
    [ConfigurationKeyName("slow_start_ms"), Range(0, 600_000)]
    public int SlowStartMs { get; init; } = 1000;

    /// <summary>Milliseconds between two requests of the gateway for the balancer's ranking.</summary>
    [ConfigurationKeyName("refresh_interval_ms"), Range(10, 60_000)]
    public int RefreshIntervalMs { get; init; } = 1000;

    /// <summary>Milliseconds without a new ranking after which the gateway is unhealthy.</summary>
    [ConfigurationKeyName("ranking_stale_ms"), Range(100, 600_000)]
    public int RankingStaleMs { get; init; } = 5000;

    /// <summary>Describes the section without its secrets.</summary>
    public override string ToString() => $"gateway on {Address}, port {ClientSidePort}, algorithm {Algorithm}";

    /// <summary>The value of <see cref="Receivers"/>, or what 0 stands for on this machine: other processors do the work of servers.</summary>
    internal int UsedReceivers => Receivers > 0 ? Receivers : Math.Clamp(Environment.ProcessorCount / 4, 1, 8);
}
