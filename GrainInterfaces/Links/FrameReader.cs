using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.GrainInterfaces.Links;

/// <summary>Reads the parts of one frame, in order.</summary>
/// <exception cref="InvalidDataException">The frame is damaged: thrown by every method.</exception>
public struct FrameReader
{
    private readonly ReadOnlyMemory<byte> _frame;
    private int _read;

    /// <summary>Begins a frame that <see cref="FrameBuffer.TryTake"/> has returned.</summary>
    public FrameReader(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        var header = Read<FrameHeader>();
        (Parts, Call) = (header.Parts, header.Call);
        if (Parts < 0)
            throw Damaged();
    }

    /// <summary>The number of parts.</summary>
    public int Parts { get; }

    /// <summary>The number of the call.</summary>
    public long Call { get; }

    /// <summary>Reads the requests for a server.</summary>
    /// <param name="memory">The memory for the requests, which is replaced if it is too small.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="bytes">Their bytes, in the memory of the frame.</param>
    /// <returns>The server's id in UTF-8.</returns>
    public ReadOnlySpan<byte> ReadRequests(ref ClientRequest[] memory, out ReadOnlyMemory<ClientRequest> requests, out ReadOnlyMemory<byte> bytes)
    {
        var header = Read<RequestsHeader>();
        var id = Take(header.ServerIdLength).Span;
        requests = ReadRecords(header.Requests, ref memory);
        bytes = Take(header.Bytes);
        return id;
    }

    /// <summary>Reads what became of the requests for a server.</summary>
    /// <param name="serverId">The server's id: parts are in the order of those of the requests.</param>
    /// <param name="memory">The memory for the responses, which is replaced if it is too small.</param>
    /// <returns>The receipt. Bodies are in the memory of the frame.</returns>
    public ServerReceipt ReadReceipt(string serverId, ref ClientResponse[] memory)
    {
        var header = Read<ReceiptHeader>();
        var responses = ReadRecords(header.Responses, ref memory);
        var bytes = Take(header.Bytes);
        return new ServerReceipt
        {
            State = header.State,
            Receipt = new BatchReceipt
            {
                Done = new ResponseBatch
                {
                    ServerId = serverId,
                    Incarnation = header.Incarnation,
                    Sequence = header.Sequence,
                    QueueLength = header.QueueLength,
                    InService = header.InService,
                    OfThisGateway = header.OfThisGateway,
                    Responses = responses,
                    Bytes = bytes,
                },
            },
        };
    }

    private T Read<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()).Span);

    /// <summary>Copies records, because they need not be aligned in the frame.</summary>
    private ReadOnlyMemory<T> ReadRecords<T>(int count, ref T[] memory)
        where T : unmanaged
    {
        if (count < 0 || count > _frame.Length)
            throw Damaged();
        var bytes = Take(count * Unsafe.SizeOf<T>());
        if (memory.Length < count)
            memory = new T[Math.Max(count, 2 * memory.Length)];
        bytes.Span.CopyTo(MemoryMarshal.AsBytes(memory.AsSpan()));
        return memory.AsMemory(0, count);
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count < 0 || count > _frame.Length - _read)
            throw Damaged();
        _read += count;
        return _frame.Slice(_read - count, count);
    }

    private static InvalidDataException Damaged() => new("a frame is damaged");
}
