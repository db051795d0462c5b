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
