namespace Shortline.Gateway.Udp;

/// <summary>
/// Datagrams that wait for a flush. Their bytes are in one block; their positions and peers are in two arrays with the layout that the
/// kernel reads. All of it is native memory that is allocated once. Not safe for several threads.
/// </summary>
internal sealed unsafe class SendQueue : IDisposable
{
    // A response has a few hundred bytes. The block must hold the largest datagram and should hold a whole batch of usual ones.
    private const int UsualDatagram = 2048;
    private const int MinimumBlock = 128 * 1024;

    // Datagrams begin on the boundary of a vector register, which makes copying faster.
    private const int Alignment = 16;

    // Datagrams to as many other peers may lie between two to the same one. A longer search costs more than it saves if all peers differ.
    private const int LookAhead = 16;

    private readonly NativeBlock<byte> _bytes;
    private readonly NativeBlock<IoVector> _vectors;
    private readonly NativeBlock<PeerAddress> _peers;
    private int _end;
    private int _reserved = -1;

    internal SendQueue(int capacity)
    {
        _bytes = new(Math.Max(MinimumBlock, UdpBatch.Checked(capacity) * UsualDatagram));
        _vectors = new(capacity);
        _peers = new(capacity);
    }

    internal int Count { get; private set; }

    internal int Capacity => _vectors.Length;

    internal IoVector* Vectors => _vectors.Pointer;

    internal PeerAddress* Peers => _peers.Pointer;

    /// <summary>Whether a datagram of <paramref name="size"/> bytes can be reserved without a flush.</summary>
    internal bool HasRoom(int size) => Count < Capacity && size <= _bytes.Length - _end;

    internal Span<byte> Reserve(int size)
    {
        _reserved = size;
        return new Span<byte>(_bytes.Pointer + _end, size);
    }

    internal void Commit(in PeerAddress peer, int length)
    {
        if ((uint)length > (uint)_reserved || _reserved < 0)
            throw new ArgumentOutOfRangeException(nameof(length), length, "More bytes than were reserved, or no reservation.");
        Vectors[Count] = new IoVector(_bytes.Pointer + _end, length);
        Peers[Count] = peer;
        Count++;
        _end += (length + Alignment - 1) & -Alignment;
        _reserved = -1;
    }

    internal ReadOnlySpan<byte> Datagram(int index) => Vectors[index].Bytes;

    internal ref readonly PeerAddress Peer(int index) => ref Peers[index];

    /// <summary>
    /// Brings datagrams to the same peer next to each other, where they are near. Answers of several servers to one client lie apart, and
    /// adjacent ones are sent as one message. Those to the same peer keep their order.
    /// </summary>
    internal void Group()
    {
        for (var i = 0; i + 2 < Count; i++)
        {
            if (Peers[i + 1] == Peers[i])
                continue;
            var end = Math.Min(Count, i + 2 + LookAhead);
            for (var next = i + 2; next < end; next++)
            {
                if (Peers[next] != Peers[i])
                    continue;
                MoveForward(new Span<PeerAddress>(Peers + i + 1, next - i));
                MoveForward(new Span<IoVector>(Vectors + i + 1, next - i));
                break;
            }
        }

        static void MoveForward<T>(Span<T> range)
        {
            var last = range[^1];
            range[..^1].CopyTo(range[1..]);
            range[0] = last;
        }
    }

    internal void Clear()
    {
        Count = 0;
        _end = 0;
        _reserved = -1;
    }

    public void Dispose()
    {
        _bytes.Dispose();
        _vectors.Dispose();
        _peers.Dispose();
    }
}
