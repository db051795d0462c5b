using Shortline.GrainInterfaces.Requests;
using Shortline.Grains.Handlers;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>
/// Collects responses for one gateway. The buffer is reused. A batch that leaves by a grain call costs two blocks of fresh memory, which it takes
/// with it.
/// </summary>
internal sealed class ResponseBuffer
{
    /// <summary>A block of bodies that a burst has made larger than this is not kept.</summary>
    private const int KeptBytes = 1 << 20;

    private ClientResponse[] _responses = new ClientResponse[16];

    /// <summary>Responses collected.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the bodies: begin one, write it, then call <see cref="Add"/>.</summary>
    public ResultWriter Bodies { get; private set; } = new(KeptBytes);

    /// <summary>Leaves the body begun last to a handler that may still write to it.</summary>
    public void AbandonBody() => Bodies = Bodies.WithoutCurrent();

    /// <summary>Adds a response, whose body is the one begun last.</summary>
    public void Add(long ticket, ResponseStatus status, RejectReason reason = RejectReason.None, int serviceTimeUs = 0)
    {
        if (Count == _responses.Length)
            Array.Resize(ref _responses, Count * 2);

        _responses[Count++] = new ClientResponse
        {
            Ticket = ticket,
            Status = status,
            Reason = reason,
            Offset = Bodies.Begin,
            Length = Bodies.Current.Length,
            ServiceTimeUs = serviceTimeUs,
        };
    }

    /// <summary>Returns all responses and empties the buffer.</summary>
    /// <param name="memory">The memory for the responses; null for fresh memory.</param>
    public (ReadOnlyMemory<ClientResponse> Responses, ReadOnlyMemory<byte> Bytes) Take(ReceiptMemory? memory = null)
    {
        var responses = _responses.AsSpan(0, Count);
        var taken = memory is null ? (responses.ToArray(), Bodies.All.ToArray()) : memory.Copy(responses, Bodies.All);
        Count = 0;
        Bodies.Clear();
        return taken;
    }
}
