using System.Net;
using System.Net.Sockets;

namespace Shortline.Client;

/// <summary>Opens a TCP connection.</summary>
internal static class Dialing
{
    /// <summary>A lost SYN is sent again after a second; after the second one that is lost, somebody else had better be asked.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <returns>An open socket; null if nobody is there in time.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<Socket?> Dial(IPEndPoint endPoint, TimeProvider time, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, both.Token);
            return socket;
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }
}
