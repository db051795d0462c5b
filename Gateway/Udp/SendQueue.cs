namespace Shortline.Gateway;

/// <summary>
/// Datagrams waiting for a flush: their bytes packed one after the other in one block, their places and peers in two arrays
/// of the layout that the kernel reads. All of it native memory, allocated once. One owner at a time.
/// </summary>
internal sealed unsafe class SendQueue : IDisposable
{
    // A response is a few hundred bytes. The largest datagram must fit, and a batch of usual ones should.
    private const int UsualDatagram = 2048;
    private const int MinimumBlock = 128 * 1024;

    // Copies into the block start on a vector register's boundary.
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
            throw new ArgumentOutOfRangeException(nameof(length), length, "More than was reserved, or nothing was.");
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
