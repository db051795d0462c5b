using System.Net;

namespace Shortline.Client.Tcp;

/// <summary>Opens connections to servers: each to the server that a gateway names.</summary>
/// <param name="slot">The number of the client's slot. Different slots get different servers if there are several.</param>
/// <param name="locator">Finds servers.</param>
/// <param name="dialing">Opens the connections.</param>
internal sealed class ServerDialer(int slot, ServerLocator locator, Dialing dialing) : IDialer
{
    private volatile IPEndPoint? _server;

    /// <summary>
    /// Servers come and go, and their queues change. A client that never moved would keep the servers of its first second.
    /// </summary>
    public TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(5);

    public async Task<DialedConnection?> Dial(CancellationToken cancellation)
    {
        _server = await locator.Locate(slot, cancellation);
        if (_server is null)
            return null;
        var connection = await dialing.Dial(_server, cancellation);
        if (connection is null)
            Avoid();
        return connection;
    }

    public void Served(bool isServed) => dialing.Served(isServed);

    public void Avoid()
    {
        if (_server is { } server)
            locator.Avoid(server);
    }
}
