namespace Shortline.Client;

/// <summary>Where a channel's requests go.</summary>
internal interface IRequestSender
{
    /// <summary>The gateways that there are, or whatever stands in their place; 0 is the client's own, those behind it stand in for it.</summary>
    int Gateways { get; }

    /// <summary>Whether what was sent arrives for as long as its connection lives: sending it there again is of no use.</summary>
    bool HasConnections { get; }

    /// <summary>The connection to a gateway that is there now, or that the next request opens: no other one ever has this number. 0 without connections.</summary>
    long Connection(int gateway);

    /// <summary>Sends one request. Never throws for what networks do, never waits for them. Safe for several threads.</summary>
    /// <param name="gateway">To whom.</param>
    /// <param name="connection">On this connection alone.</param>
    /// <param name="request">One JSON object.</param>
    SendOutcome Send(int gateway, long connection, ReadOnlySpan<byte> request);

    /// <summary>Whether what was given to a connection can have left: not while it is being opened. Without connections everything has.</summary>
    bool IsOpen(int gateway, long connection) => true;

    /// <summary>Asks whether somebody is at the other end of a connection. See <see cref="HasHeard"/>.</summary>
    void Probe(int gateway, long connection);

    /// <summary>Whether anything has come on a connection since then; false if it has ended.</summary>
    bool HasHeard(int gateway, long connection, long since);

    /// <summary>Nothing more will be sent on a connection; what was is still answered. One that is being opened is given up, and nothing leaves on it.</summary>
    void Leave(int gateway, long connection);
}
