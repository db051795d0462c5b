using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.GrainInterfaces.Links;

/// <summary>Writes one frame after the other into the same memory. Not thread-safe.</summary>
public sealed class FrameWriter
{
    /// <summary>Memory that a burst of large requests needed is not kept.</summary>
    private const int KeptBytes = 256 * 1024;

    private byte[] _bytes = new byte[4096];
    private int _length;
    private int _parts;
    private long _call;

    /// <summary>Bytes of the frame so far.</summary>
    public int Length => _length;

    /// <summary>The number of parts so far.</summary>
    public int Parts => _parts;

    /// <summary>Begins a frame. What <see cref="End"/> has returned is not valid any more.</summary>
    /// <param name="call">The number of the call.</param>
    public void Begin(long call)
    {
        if (_bytes.Length > KeptBytes)
            _bytes = new byte[KeptBytes];
        (_length, _parts, _call) = (Unsafe.SizeOf<FrameHeader>(), 0, call);
    }

    /// <summary>Adds the requests for a server.</summary>
    /// <param name="serverId">The server's id in UTF-8.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="bytes">The bytes of all requests.</param>
    public void AddRequests(ReadOnlySpan<byte> serverId, ReadOnlySpan<ClientRequest> requests, ReadOnlySpan<byte> bytes)
    {
        _parts++;
        Add(new RequestsHeader(serverId.Length, requests.Length, bytes.Length));
        Add(serverId);
        Add(MemoryMarshal.AsBytes(requests));
        Add(bytes);
    }

    /// <summary>Adds what became of the requests for a server.</summary>
    public void AddReceipt(in ServerReceipt receipt)
    {
        _parts++;
        var done = receipt.Receipt.Done;
        Add(new ReceiptHeader(
            done.Incarnation, done.Sequence, receipt.State, done.QueueLength, done.InService, done.OfThisGateway, done.Responses.Length, done.Bytes.Length));
        Add(MemoryMarshal.AsBytes(done.Responses.Span));
        Add(done.Bytes.Span);
    }

    /// <summary>Ends the frame.</summary>
    /// <returns>The frame; valid until the next one begins.</returns>
    public ReadOnlyMemory<byte> End()
    {
        var header = new FrameHeader(_length - Unsafe.SizeOf<FrameHeader>(), _parts, _call);
        MemoryMarshal.Write(_bytes, header);
        return _bytes.AsMemory(0, _length);
    }

    private void Add<T>(in T header)
        where T : unmanaged
    {
        MemoryMarshal.Write(Room(Unsafe.SizeOf<T>()), header);
        _length += Unsafe.SizeOf<T>();
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Room(int bytes)
    {
        if (_length + bytes > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes));
        return _bytes.AsSpan(_length);
    }
}
