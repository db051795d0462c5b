using System.Net;

namespace Shortline.Client;

/// <summary>What a <see cref="ShortlineClient"/> has to know.</summary>
public sealed record ShortlineClientOptions
{
    /// <summary>
    /// The gateways, at least one; loopback, port 54001, unless told otherwise. Each client has one of them for its own, by
    /// <see cref="ClientId"/> or by chance, and uses the others while that one does not answer.
    /// </summary>
    public IReadOnlyList<IPEndPoint> Gateways { get; init; } = [new(IPAddress.Loopback, 54001)];

    /// <summary>How requests travel.</summary>
    public ClientTransport Transport { get; init; }

    /// <summary>Who this client is, at least 0; null does not say. Clients that run at the same time must not share one.</summary>
    public long? ClientId { get; init; }

    /// <summary>Milliseconds until a request is given up, its retries included. 1 to 3,600,000.</summary>
    public int TimeoutMs { get; init; } = 5000;

    /// <summary>How often a request is sent again within its time. 0 to 100. One that is not idempotent only after it was rejected.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The longest wait before the first retry, in milliseconds; each further one is twice as long. 1 to 3,600,000.</summary>
    public int FirstRetryMs { get; init; } = 200;

    /// <summary>Requests in flight at most; more are not sent. 1 to 65,536.</summary>
    public int InFlightLimit { get; init; } = 4096;

    /// <summary>UDP: first local port to try, one for each gateway; 0 takes any free ones. TCP always does.</summary>
    public int PortRangeStart { get; init; }

    /// <summary>Port after the last to try. Counts only if <see cref="PortRangeStart"/> is not 0.</summary>
    public int PortRangeEnd { get; init; }
}
