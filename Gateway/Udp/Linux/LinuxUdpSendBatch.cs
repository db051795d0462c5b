using System.Runtime.InteropServices;

namespace Shortline.Gateway.Udp.Linux;

/// <summary>
/// Sends by <c>sendmmsg</c>. Adjacent datagrams to the same peer and of the same length are sent as one message, which the kernel splits
/// as late as possible (UDP segmentation offload). They then pass the network stack, which is nearly all of the cost, only once: a run of
/// 64 costs a sixth.
/// </summary>
internal sealed unsafe class LinuxUdpSendBatch : IUdpSendBatch
{
    // Segments must fit the MTU of the path, or the kernel refuses the whole run. This fits the smallest MTU of IPv6 (1280).
    private const int LongestSegment = 1232;

    // UDP_MAX_SEGMENTS of the first kernels that support segmentation.
    private const int MostSegments = 64;

    private readonly SharedSocket _socket;
    private readonly LocalAddresses? _locals;
    private readonly SendQueue _queue;
    private readonly NativeBlock<MessageHeader> _messages;
    private readonly NativeBlock<byte> _controls;

    /// <summary>The bytes for the control messages of a message.</summary>
    private readonly int _controlBytes;

    private int _apartUntil;
    private int _fromAnywhereUntil;
    private long _dropped;
    private bool _disposed;

    /// <summary>Creates a batch.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="batch">The maximum number of datagrams.</param>
    /// <param name="locals">The local addresses of a wildcard socket; null for a socket that is bound to one address.</param>
    internal LinuxUdpSendBatch(SharedSocket socket, int batch, LocalAddresses? locals)
    {
        _queue = new SendQueue(batch);
        _socket = socket.Acquire();
        _locals = locals;
        _messages = new(batch);
        _controlBytes = sizeof(SegmentControl) + (locals is null ? 0 : LocalControl.MostBytes);
        _controls = new(batch * _controlBytes);
    }

    public long Dropped => Volatile.Read(ref _dropped);

    public bool HasRoom(int size) => _queue.HasRoom(size);

    public Span<byte> Reserve(int size)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)size, (uint)UdpTransports.MaxDatagram, nameof(size));
        if (!_queue.HasRoom(size))
            Flush();
        return _queue.Reserve(size);
    }

    public void Commit(in PeerAddress peer, int length) => _queue.Commit(in peer, length);

    public void Flush()
    {
        var first = 0;
        while (first < _queue.Count)
        {
            var messages = Arrange(first);
            var sent = LinuxSockets.Send(_socket.Descriptor, _messages.Pointer, (uint)messages, 0);
            if (sent <= 0)
                first += Refused(first);
            for (var i = 0; i < sent; i++)
                first += (int)_messages.Pointer[i].VectorCount;
        }

        _queue.Clear();
        _apartUntil = 0;
        _fromAnywhereUntil = 0;
    }

    /// <summary>Prepares the messages for the datagrams from <paramref name="first"/> on and returns their number.</summary>
    private int Arrange(int first)
    {
        var messages = 0;
        for (var i = first; i < _queue.Count; messages++)
        {
            var run = i < _apartUntil ? 1 : RunFrom(i);
            var control = _controls.Pointer + (messages * _controlBytes);
            var controlLength = WriteControl(control, i, run);
            _messages.Pointer[messages] = new MessageHeader
            {
                Name = _queue.Peers + i,
                NameLength = _queue.Peers[i].Bytes.Length,
                Vectors = _queue.Vectors + i,
                VectorCount = (nuint)run,
                Control = controlLength > 0 ? control : null,
                ControlLength = (nuint)controlLength,
            };
            i += run;
        }

        return messages;
    }

    /// <summary>Writes the control messages for a run of datagrams and returns their length.</summary>
    private int WriteControl(byte* control, int first, int run)
    {
        var length = 0;
        if (_locals is not null && first >= _fromAnywhereUntil && _locals.TryGet(_queue.Peers[first].Local, out var local))
            length = LocalControl.Write(new Span<byte>(control, LocalControl.MostBytes), local);
        if (run > 1)
        {
            *(SegmentControl*)(control + length) = new SegmentControl(_queue.Vectors[first].Length);
            length += sizeof(SegmentControl);
        }

        return length;
    }

    /// <summary>
    /// Returns how many datagrams from <paramref name="first"/> on fit into one message: they have the same peer, local address and length;
    /// only the last may be shorter.
    /// </summary>
    private int RunFrom(int first)
    {
        var length = _queue.Vectors[first].Length;
        if (!_socket.CanSegment || length is 0 or > LongestSegment)
            return 1;
        var most = Math.Min(_queue.Count - first, Math.Min(MostSegments, UdpTransports.MaxDatagram / length));
        for (var run = 1; run < most; run++)
        {
            var next = _queue.Vectors[first + run].Length;
            if (next == 0 || next > length || !_queue.Peers[first + run].LeavesWith(_queue.Peers[first]))
                return run;
            if (next < length)
                return run + 1;
        }

        return most;
    }

    /// <summary>Handles an error, which always concerns the first message, and returns how many datagrams to skip.</summary>
    private int Refused(int first)
    {
        var error = Marshal.GetLastPInvokeError();
        var run = (int)_messages.Pointer[0].VectorCount;
        if (run > 1 && error is not (LinuxSockets.Interrupted or LinuxSockets.WouldBlock))
        {
            // The path or the device may not support segmentation, so the datagrams are sent one by one.
            _apartUntil = first + run;
            return 0;
        }

        // A single datagram has no other control message than the one with its local address.
        var isFromLocal = _messages.Pointer[0].ControlLength > 0;
        if (isFromLocal && LinuxSockets.MayBeLostAddress(error))
        {
            // This machine may have lost the address since the request. The answer may still arrive from another one.
            _fromAnywhereUntil = first + run;
            return 0;
        }

        var refused = error switch
        {
            LinuxSockets.Interrupted => 0,
            // The buffer stayed full for the whole send timeout. Every further datagram would wait as long.
            LinuxSockets.WouldBlock => _queue.Count - first,
            _ => 1,
        };
        Volatile.Write(ref _dropped, _dropped + refused);
        return refused;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _queue.Dispose();
        _socket.Release();
        _messages.Dispose();
        _controls.Dispose();
    }
}
