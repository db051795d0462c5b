using Shortline.Client.Requests;
using Shortline.Client.Tcp;

namespace Shortline.Client;

/// <summary>The sockets or connections of one client.</summary>
internal interface IClientTransport : IRequestSender, IDisposable
{
    /// <summary>The local port to which responses come; 0 if none is open before the first request.</summary>
    int LocalPort { get; }

    /// <summary>Finds servers for this client; null if the client can ask its gateways itself.</summary>
    ServerLocator? Locator { get; }

    /// <summary>Why the last connection could not be used although a peer accepted it; null if it could, or if there are none.</summary>
    string? ConnectionFault { get; }

    /// <summary>Passes everything that is received to a channel. Called once, before anything is sent.</summary>
    void ReadFor(RequestChannel channel);
}
