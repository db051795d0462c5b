using System.Net;
using Shortline.Protocol.Requests;

namespace Shortline.Client.Tool.Load;

/// <summary>The load of a <see cref="LoadDriver"/>.</summary>
public sealed record LoadSettings
{
    /// <summary>
    /// The gateways, at least one. Clients are spread over them round-robin, and use the next one when theirs does not answer.
    /// </summary>
    public IReadOnlyList<IPEndPoint> Gateways { get; init; } = [new(IPAddress.Loopback, 54001)];

    /// <summary>How requests travel.</summary>
    public ClientTransport Transport { get; init; }

    /// <summary>How TCP connections are encrypted; null if they are not.</summary>
    public ClientTlsOptions? Tls { get; init; }

    /// <summary>The number of clients. Each has its own id and a socket for each gateway. 1 to 10,000.</summary>
    public int Clients { get; init; } = 10;

    /// <summary>The id of the first client; the others count up. At least 0.</summary>
    public long StartId { get; init; } = 1000;

    /// <summary>UDP: the first local port; 0 takes any free ports, as TCP always does.</summary>
    public int PortRangeStart { get; init; }

    /// <summary>The port after the last one. Ignored if <see cref="PortRangeStart"/> is 0.</summary>
    public int PortRangeEnd { get; init; }

    /// <summary>Requests of all clients together; null for no limit.</summary>
    public long? Requests { get; init; }

    /// <summary>How long requests are started; null for no limit.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// Requests a second of all clients together, started on a schedule that does not depend on responses (open loop); null starts a
    /// request whenever one has ended (closed loop). Above 0, at most 10,000,000.
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>
    /// The pause of each client between two requests, whatever becomes of them; null without. Neither <see cref="Rate"/> nor
    /// <see cref="Outstanding"/> counts then.
    /// </summary>
    public PauseRange? Pause { get; init; }

    /// <summary>Closed loop: requests in flight, per client. At least 1, at most <see cref="InFlightLimit"/>.</summary>
    public int Outstanding { get; init; } = 1;

    /// <summary>The operation: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</summary>
    public string Operation { get; init; } = "echo";

    /// <summary>A JSON value, or empty.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How important the requests are compared with others, 0 to 9.</summary>
    public int Priority { get; init; } = RequestParser.UsualPriority;

    /// <summary>Whether requests may run twice.</summary>
    public bool Idempotent { get; init; } = true;

    /// <summary>Milliseconds until a request is given up, retries included. 1 to 3,600,000.</summary>
    public int TimeoutMs { get; init; } = 5000;

    /// <summary>
    /// How often a request is sent again within its timeout. 0 to 100. A request that is not idempotent is sent again only after it was
    /// rejected.
    /// </summary>
    public int Retries { get; init; } = 3;

    /// <summary>See <see cref="ShortlineClientOptions.RetryBudgetPercent"/>. Each client has its own budget.</summary>
    public int RetryBudgetPercent { get; init; } = 20;

    /// <summary>See <see cref="ShortlineClientOptions.RetryBudgetPerSecond"/>.</summary>
    public int RetryBudgetPerSecond { get; init; } = 10;

    /// <summary>
    /// Whether each client throttles itself while servers refuse most of its requests for overload. False sends the whole load, to measure
    /// the servers. See <see cref="ShortlineClientOptions.Throttle"/>.
    /// </summary>
    public bool Throttle { get; init; } = true;

    /// <summary>Requests in flight per client at most. More clients have fewer each, so that memory is bounded.</summary>
    public int InFlightLimit => Math.Clamp(65_536 / Math.Max(1, Clients), 64, 8192);
}

/// <summary>What the requests of a <see cref="LoadDriver"/> ask for.</summary>
/// <param name="Operation">The operation: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</param>
/// <param name="Payloads">JSON values or empty, at least one. Each client sends them one after the other.</param>
public sealed record LoadWork(string Operation, IReadOnlyList<ReadOnlyMemory<byte>> Payloads);
