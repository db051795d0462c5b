using System.Net;

namespace Shortline.Client;

/// <summary>What load a <see cref="LoadDriver"/> makes.</summary>
public sealed record LoadSettings
{
    /// <summary>The gateways, at least one. Clients start on them in turn, and go on to the next one when theirs does not answer.</summary>
    public IReadOnlyList<IPEndPoint> Gateways { get; init; } = [new(IPAddress.Loopback, 54001)];

    /// <summary>How requests travel.</summary>
    public ClientTransport Transport { get; init; }

    /// <summary>Clients, each with an id of its own, and a socket for each gateway. 1 to 10,000.</summary>
    public int Clients { get; init; } = 10;

    /// <summary>Id of the first client; others follow. At least 0.</summary>
    public long StartId { get; init; } = 1000;

    /// <summary>UDP: first local port; 0 takes any free ones. TCP always does.</summary>
    public int PortRangeStart { get; init; }

    /// <summary>Port after the last. Counts only if <see cref="PortRangeStart"/> is not 0.</summary>
    public int PortRangeEnd { get; init; }

    /// <summary>Requests of all clients together; null does not count them.</summary>
    public long? Requests { get; init; }

    /// <summary>How long requests are started; null does not end it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// Requests a second of all clients together, started on schedule whatever comes back ("open loop"); null starts one whenever one has
    /// ended ("closed loop"). Above 0, to 10,000,000.
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>Closed loop: requests in flight, per client. At least 1, at most <see cref="InFlightLimit"/>.</summary>
    public int Outstanding { get; init; } = 1;

    /// <summary>What to do: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</summary>
    public string Operation { get; init; } = "echo";

    /// <summary>A JSON value, or empty.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether running a request twice does no harm.</summary>
    public bool Idempotent { get; init; } = true;

    /// <summary>Milliseconds until a request is given up, retries included. 1 to 3,600,000.</summary>
    public int TimeoutMs { get; init; } = 5000;

    /// <summary>How often a request is sent again within its time. 0 to 100. One that is not idempotent only after it was rejected.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Requests in flight at most, per client: fewer the more clients there are, so that memory has a bound.</summary>
    public int InFlightLimit => Math.Clamp(65_536 / Math.Max(1, Clients), 64, 8192);
}
