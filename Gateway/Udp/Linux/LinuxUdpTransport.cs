using System.Net;
using System.Net.Sockets;

namespace Shortline.Gateway.Udp.Linux;

/// <summary>Receives by <c>recvmmsg</c> and sends by <c>sendmmsg</c> on a blocking socket.</summary>
internal sealed class LinuxUdpTransport : IUdpTransport
{
    private readonly SharedSocket _socket;
    private int _disposed;

    internal LinuxUdpTransport(Socket socket)
    {
        _socket = new SharedSocket(socket).Acquire();
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        ReceiveBufferBytes = socket.ReceiveBufferSize;
        SendBufferBytes = socket.SendBufferSize;
    }

    public IPEndPoint LocalEndPoint { get; }

    public int ReceiveBufferBytes { get; }

    public int SendBufferBytes { get; }

    public IUdpReceiver CreateReceiver(int batch) => new LinuxUdpReceiver(_socket, batch);

    public IUdpSendBatch CreateSendBatch(int batch) => new LinuxUdpSendBatch(_socket, batch);

    public void Shutdown()
    {
        if (Volatile.Read(ref _disposed) == 0)
            _socket.ShutdownReceive();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _socket.ShutdownReceive();
        _socket.Release();
    }
}
