using System.Net.Sockets;

namespace Shortline.Client.Tcp;

/// <summary>An open TCP connection, encrypted or not. One thread may receive while another one sends.</summary>
/// <param name="socket">The socket.</param>
/// <param name="stream">The stream over the socket.</param>
internal sealed class DialedConnection(Socket socket, Stream stream) : IDisposable
{
    /// <summary>Receives the next bytes.</summary>
    /// <returns>Their number; 0 if the peer sends nothing more.</returns>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation = default) => stream.ReadAsync(buffer, cancellation);

    /// <summary>Sends all bytes.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default) => stream.WriteAsync(bytes, cancellation);

    /// <summary>Lets the receiving side take what has arrived, and then end.</summary>
    public void EndReceiving()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The receiving side sees the failure by itself.
        }
    }

    /// <summary>Ends what other threads do on the connection.</summary>
    public void Abort() => socket.Dispose();

    public void Dispose()
    {
        socket.Dispose();
        stream.Dispose();
    }
}
