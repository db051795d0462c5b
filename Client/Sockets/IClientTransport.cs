namespace Shortline.Client;

/// <summary>The sockets of one client.</summary>
internal interface IClientTransport : IRequestSender, IDisposable
{
    /// <summary>The port on this side that answers come to; 0 if there is none before there is a connection.</summary>
    int LocalPort { get; }

    /// <summary>What finds servers for this client; null if the gateways that it talks to can be asked.</summary>
    ServerLocator? Locator { get; }

    /// <summary>Hands everything received to a channel from now on. To be called once, before anything is sent.</summary>
    void ReadFor(RequestChannel channel);
}
