using System.Runtime.InteropServices;

namespace Shortline.Gateway.Udp.Linux;

/// <summary>
/// Receives by <c>recvmmsg</c>. Each message has a slot for the largest datagram, so no datagram is truncated. Only the pages that
/// datagrams use are allocated. Measurements with small slots (2 KB) showed no difference: the kernel needs a hundred times as long.
/// </summary>
internal sealed unsafe class LinuxUdpReceiver : IUdpReceiver
{
    private const int SlotBytes = 65_536;

    private readonly SharedSocket _socket;
    private readonly int _batch;
    private readonly NativeBlock<byte> _slots;
    private readonly NativeBlock<IoVector> _vectors;
    private readonly NativeBlock<PeerAddress> _peers;
    private readonly NativeBlock<MessageHeader> _messages;
    private readonly LocalAddressReader? _locals;
    private int _count;
    private bool _disposed;

    /// <summary>Creates a receiver.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="batch">The maximum number of datagrams per system call.</param>
    /// <param name="locals">The local addresses of a wildcard socket; null for a socket that is bound to one address.</param>
    internal LinuxUdpReceiver(SharedSocket socket, int batch, LocalAddresses? locals)
    {
        _batch = UdpBatch.Checked(batch);
        _socket = socket.Acquire();
        _slots = new(batch * SlotBytes);
        _vectors = new(batch);
        _peers = new(batch);
        _messages = new(batch);
        var blank = new PeerAddress(stackalloc byte[PeerAddress.LengthOf(socket.Socket.AddressFamily)]);
        for (var i = 0; i < batch; i++)
        {
            // All peers of a socket have its address family, so the length of their addresses is known in advance.
            _peers.Pointer[i] = blank;
            _vectors.Pointer[i] = new IoVector(_slots.Pointer + (i * SlotBytes), SlotBytes);
            _messages.Pointer[i] = new MessageHeader
            {
                Name = _peers.Pointer + i,
                NameLength = blank.Bytes.Length,
                Vectors = _vectors.Pointer + i,
                VectorCount = 1,
            };
        }

        if (locals is null)
            return;
        _locals = new LocalAddressReader(locals, blank.Bytes.Length, batch);
        _locals.Prepare(_messages.Pointer, batch);
    }

    public int Receive()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _locals?.Prepare(_messages.Pointer, _count);
        _count = 0;
        while (!_socket.IsShutdown)
        {
            var received = LinuxSockets.Receive(_socket.Descriptor, _messages.Pointer, (uint)_batch, LinuxSockets.WaitForOne, null);
            if (_socket.IsShutdown)
                break;
            if (received > 0)
            {
                _locals?.Complete(_messages.Pointer, received);
                return _count = received;
            }

            var error = Marshal.GetLastPInvokeError();
            if (received < 0 && !LinuxSockets.IsTransient(error))
                throw LinuxSockets.Failure("recvmmsg", error);
        }

        return -1;
    }

    public ReadOnlySpan<byte> Request(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        return new(_slots.Pointer + (index * SlotBytes), (int)_messages.Pointer[index].Length);
    }

    public ref readonly PeerAddress Peer(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        return ref _peers.Pointer[index];
    }

    public bool Truncated(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        return (_messages.Pointer[index].Flags & LinuxSockets.Truncated) != 0;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _count = 0;
        _socket.Release();
        _slots.Dispose();
        _vectors.Dispose();
        _peers.Dispose();
        _messages.Dispose();
        _locals?.Dispose();
    }
}
