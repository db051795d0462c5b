using Shortline.GrainInterfaces.Requests;
using Shortline.Grains.Handlers;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>
/// Collects responses for one gateway. The buffer is reused: each batch costs two blocks of fresh memory, which the batch takes with it.
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

    /// <summary>Returns all responses as fresh memory and empties the buffer.</summary>
    public (ReadOnlyMemory<ClientResponse> Responses, ReadOnlyMemory<byte> Bytes) Take()
    {
        var taken = (_responses.AsSpan(0, Count).ToArray(), Bodies.All.ToArray());
        Count = 0;
        Bodies.Clear();
        return taken;
    }
}
