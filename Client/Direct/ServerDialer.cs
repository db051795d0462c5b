using System.Net;
using System.Net.Sockets;

namespace Shortline.Client;

/// <summary>Opens connections to servers: each to the one that a gateway names for it.</summary>
/// <param name="seat">Which of a client's seats it is for; they are given different servers if there are.</param>
/// <param name="locator">Finds servers.</param>
/// <param name="time">The clock.</param>
internal sealed class ServerDialer(int seat, ServerLocator locator, TimeProvider time) : IDialer
{
    private volatile IPEndPoint? _server;

    /// <summary>Servers come and go, and their queues change: a client that never moved would keep to the servers of its first second.</summary>
    public TimeSpan Stay { get; } = TimeSpan.FromSeconds(5);

    public async Task<Socket?> Dial(CancellationToken cancellation)
    {
        _server = await locator.Locate(seat, cancellation);
        if (_server is null)
            return null;
        var socket = await Dialing.Dial(_server, time, cancellation);
        if (socket is null)
            Avoid();
        return socket;
    }

    public void Avoid()
    {
        if (_server is { } server)
            locator.Avoid(server);
    }
}
