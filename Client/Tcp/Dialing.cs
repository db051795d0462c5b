using System.Net;
using System.Net.Sockets;

namespace Shortline.Client.Tcp;

/// <summary>Opens TCP connections.</summary>
internal static class Dialing
{
    /// <summary>
    /// How long a peer may take to accept. The system repeats a lost SYN after one second. If that one is lost too, another peer is the better
    /// choice.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <returns>A connected socket; null if the peer does not accept in time.</returns>
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
