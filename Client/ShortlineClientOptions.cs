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

    /// <summary>
    /// How many retries all requests of the client may have together, in percent of the requests of the last ten seconds, so that clients
    /// do not multiply an overload. 0 to 100. See also <see cref="RetryBudgetPerSecond"/>.
    /// </summary>
    public int RetryBudgetPercent { get; init; } = 20;

    /// <summary>
    /// Retries a second that are allowed beyond <see cref="RetryBudgetPercent"/>, so that a client with few requests can retry too. 0 to
    /// 100,000.
    /// </summary>
    public int RetryBudgetPerSecond { get; init; } = 10;

    /// <summary>
    /// Whether the client throttles itself. While servers refuse most of its requests for overload, it sends only a part of them; the
    /// others end at once with <see cref="Reply.IsThrottled"/>. False sends all.
    /// </summary>
    /// <remarks>
    /// The probability of not being sent is max(0, (requests - K * accepts) / (requests + 1)), at most 0.9, over the last
    /// <see cref="ThrottleWindowMs"/> and the requests of one priority; 0 if these are fewer than ten
    /// (https://sre.google/sre-book/handling-overload/, "Client-side throttling"). Throttled requests count as requests.
    /// </remarks>
    public bool Throttle { get; init; } = true;

    /// <summary>
    /// The K of <see cref="Throttle"/>: the client sends about this many times what servers accept. A smaller one saves servers more
    /// refusals, a larger one notices sooner that they accept more. 1 to 100.
    /// </summary>
    public double ThrottleMultiplier { get; init; } = 2;

    /// <summary>
    /// The milliseconds for which an outcome counts for <see cref="Throttle"/>. 1000 to 600,000. Shorter than the two minutes of the SRE
    /// book, because fleets here refuse within a second and grow within seconds.
    /// </summary>
    public int ThrottleWindowMs { get; init; } = 10_000;

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
