namespace Shortline.Client;

/// <summary>How a client's requests travel.</summary>
public enum ClientTransport
{
    /// <summary>As datagrams to a gateway: nothing to set up, and nothing that breaks.</summary>
    Udp,

    /// <summary>
    /// As lines on a TCP connection to a gateway. A connection that breaks is noticed at once; a request that is only slow is not sent again.
    /// </summary>
    Tcp,

    /// <summary>
    /// As lines on a TCP connection to a server that a gateway names, past the gateways. From time to time, and when the server ends or does not
    /// answer, a gateway is asked for another one.
    /// </summary>
    Direct,
}
