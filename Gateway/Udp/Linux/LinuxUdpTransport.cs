using System.Net;
using System.Net.Sockets;

namespace Shortline.Gateway.Udp.Linux;

/// <summary>Receives by <c>recvmmsg</c> and sends by <c>sendmmsg</c> on blocking sockets, which are bound to the same port.</summary>
internal sealed class LinuxUdpTransport : IUdpTransport
{
    private readonly SharedSocket[] _sockets;
    private readonly LocalAddresses? _locals;
    private int _sendBatches;
    private int _disposed;

    /// <summary>Creates a transport for bound sockets and takes ownership of them.</summary>
    /// <param name="sockets">The sockets, which are bound to the same port.</param>
    /// <param name="locals">
    /// The local addresses of wildcard sockets, which <see cref="SharedSocket.ReportLocalAddresses"/> has prepared; null for sockets that
    /// are bound to one address.
    /// </param>
    internal LinuxUdpTransport(Socket[] sockets, LocalAddresses? locals)
    {
        _locals = locals;
        _sockets = [.. sockets.Select(socket => new SharedSocket(socket).Acquire())];
        LocalEndPoint = (IPEndPoint)sockets[0].LocalEndPoint!;
        ReceiveBufferBytes = sockets[0].ReceiveBufferSize;
        SendBufferBytes = sockets[0].SendBufferSize;
    }

    public IPEndPoint LocalEndPoint { get; }

    public int Receivers => _sockets.Length;

    public int ReceiveBufferBytes { get; }

    public int SendBufferBytes { get; }

    public IUdpReceiver CreateReceiver(int batch, int index = 0) => new LinuxUdpReceiver(_sockets[index], batch, _locals);

    /// <summary>All sockets send from the same port, so the batches use them in turn.</summary>
    public IUdpSendBatch CreateSendBatch(int batch)
    {
        var turn = (uint)Interlocked.Increment(ref _sendBatches);
        return new LinuxUdpSendBatch(_sockets[turn % (uint)_sockets.Length], batch, _locals);
    }

    public void Shutdown()
    {
        if (Volatile.Read(ref _disposed) != 0)
            return;
        foreach (var socket in _sockets)
            socket.ShutdownReceive();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        foreach (var socket in _sockets)
        {
            socket.ShutdownReceive();
            socket.Release();
        }
    }
}
