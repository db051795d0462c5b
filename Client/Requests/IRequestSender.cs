namespace Shortline.Client.Requests;

/// <summary>Sends the requests of a channel to gateways, or directly to servers.</summary>
internal interface IRequestSender
{
    /// <summary>The number of gateways. Gateway 0 is the client's own; the client uses the others while that one does not answer.</summary>
    int Gateways { get; }

    /// <summary>
    /// Whether requests travel on connections. A connection delivers what was sent on it as long as it lives, so sending again on it is
    /// useless.
    /// </summary>
    bool HasConnections { get; }

    /// <summary>
    /// The unique number of the open connection to a gateway, or of the one that the next request opens; 0 without connections.
    /// </summary>
    long Connection(int gateway);

    /// <summary>Sends one request. Neither throws network errors nor waits for the network. Thread-safe.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="connection">The connection; the request is not sent on any other.</param>
    /// <param name="request">One JSON object.</param>
    SendOutcome Send(int gateway, long connection, ReadOnlySpan<byte> request);

    /// <summary>
    /// Whether a connection is open, so that requests given to it may have left this machine. Always true without connections.
    /// </summary>
    bool IsOpen(int gateway, long connection) => true;

    /// <summary>Asks the other end of a connection for a sign of life. See <see cref="HasHeard"/>.</summary>
    void Probe(int gateway, long connection);

    /// <summary>Whether anything has arrived on a connection since a timestamp; false if the connection has ended.</summary>
    bool HasHeard(int gateway, long connection, long since);

    /// <summary>
    /// Sends nothing more on a connection, which closes when its requests are answered. A connection that is not open yet is abandoned, and
    /// nothing leaves on it.
    /// </summary>
    void Leave(int gateway, long connection);
}

/// <summary>The result of sending a request.</summary>
internal enum SendOutcome
{
    /// <summary>The system took the request.</summary>
    Sent,

    /// <summary>
    /// The gateway cannot be reached: no process listens at its port, which the system reports for an earlier datagram, or there is no route
    /// to it.
    /// </summary>
    Refused,

    /// <summary>The system did not take the request; it counts as lost on the way.</summary>
    Failed,

    /// <summary>The request was certainly not sent: its connection has ended, cannot be opened yet, or is full.</summary>
    NotSent,
}
