using System.Net;

namespace Shortline.Client;

/// <summary>The options of a <see cref="ShortlineClient"/>.</summary>
public sealed record ShortlineClientOptions
{
    /// <summary>
    /// The gateways, at least one. Default: loopback, port 54001. One of them is the client's own, chosen by <see cref="ClientId"/> or at
    /// random; the client uses the others while its own does not answer.
    /// </summary>
    public IReadOnlyList<IPEndPoint> Gateways { get; init; } = [new(IPAddress.Loopback, 54001)];

    /// <summary>How requests travel.</summary>
    public ClientTransport Transport { get; init; }

    /// <summary>How TCP connections are encrypted; null if they are not. Datagrams cannot be.</summary>
    public ClientTlsOptions? Tls { get; init; }

    /// <summary>The id of this client, at least 0; null sends none. Clients that run at the same time must have different ids.</summary>
    public long? ClientId { get; init; }

    /// <summary>Milliseconds until a request is given up, retries included. 1 to 3,600,000.</summary>
    public int TimeoutMs { get; init; } = 5000;

    /// <summary>
    /// How often a request is sent again within its timeout. 0 to 100. A request that is not idempotent is sent again only after it was
    /// rejected.
    /// </summary>
    public int Retries { get; init; } = 3;

    /// <summary>The longest wait before the first retry, in milliseconds; it doubles with each further retry. 1 to 3,600,000.</summary>
    public int FirstRetryMs { get; init; } = 200;

    /// <summary>Requests in flight at most; further ones are not sent. 1 to 65,536.</summary>
    public int InFlightLimit { get; init; } = 4096;

    /// <summary>UDP: the first local port to try, one for each gateway; 0 takes any free ports, as TCP always does.</summary>
    public int PortRangeStart { get; init; }

    /// <summary>The port after the last one to try. Ignored if <see cref="PortRangeStart"/> is 0.</summary>
    public int PortRangeEnd { get; init; }
}

/// <summary>How a client's requests travel.</summary>
public enum ClientTransport
{
    /// <summary>As datagrams to a gateway. There is no connection to set up or to break.</summary>
    Udp,

    /// <summary>
    /// As lines on a TCP connection to a gateway. The client notices a broken connection at once, and does not repeat a slow request.
    /// </summary>
    Tcp,

    /// <summary>
    /// As lines on a TCP connection to a server, past the gateways. A gateway names the server, and names another one from time to time and
    /// when the server ends or does not answer.
    /// </summary>
    Direct,
}
