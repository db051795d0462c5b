using Shortline.Client.Requests;
using Shortline.Protocol.Requests;

namespace Shortline.Client.Udp;

/// <summary>Reads a socket on a dedicated thread and passes each datagram to the channel.</summary>
internal sealed class ReceiveLoop : IDisposable
{
    private const int StackSize = 256 * 1024; // a process may have a thousand clients

    private readonly DatagramSocket _socket;
    private readonly int _gateway;
    private readonly RequestChannel _channel;
    private readonly Thread _thread;

    public ReceiveLoop(DatagramSocket socket, int gateway, RequestChannel channel)
    {
        _socket = socket;
        _gateway = gateway;
        _channel = channel;
        _thread = new Thread(Run, StackSize) { IsBackground = true, Name = $"shortline client {socket.LocalPort}" };
        _thread.Start();
    }

    /// <summary>Closes the socket and ends the thread.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    private void Run()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(RequestParser.MaxDatagram, pinned: true);
        while (true)
        {
            var length = _socket.Receive(buffer);
            if (length >= 0)
                _channel.OnDatagram(_gateway, buffer.AsSpan(0, length));
            else if (length == -2)
                _channel.OnRefused(_gateway);
            else
                return;
        }
    }
}
