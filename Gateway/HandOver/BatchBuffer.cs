using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Requests;
using Shortline.Protocol.Requests;

namespace Shortline.Gateway.HandOver;

/// <summary>The memory of one batch. Requests are added while it waits; when it leaves, it is sealed and does not change any more.</summary>
/// <remarks>Protected by the fleet's lock until it is sealed, then owned by the call.</remarks>
internal sealed class BatchBuffer(int batchLimit)
{
    /// <summary>
    /// The maximum number of bytes in a batch. Large payloads are split over several calls, so that none delays the others for long.
    /// </summary>
    private const int BytesLimit = 256 * 1024;

    /// <summary>Memory that a burst of large requests needed is not kept.</summary>
    private const int KeptBytes = 64 * 1024;

    private PendingRequest?[] _waiting = new PendingRequest?[Math.Min(batchLimit, 16)];
    private ClientRequest[] _requests = [];
    private byte[] _bytes = new byte[1024];
    private int _added;
    private int _length;

    /// <summary>The number of the call with which the batch leaves, among the calls to its server.</summary>
    public long Call { get; private set; }

    /// <summary>The number of requests in the sealed batch.</summary>
    public int Count { get; private set; }

    public bool IsFull => _added >= batchLimit || _length >= BytesLimit;

    public bool IsWorthKeeping => _bytes.Length <= KeptBytes;

    /// <summary>The requests of the sealed batch.</summary>
    public ReadOnlySpan<ClientRequest> Requests => _requests.AsSpan(0, Count);

    /// <summary>The bytes of all requests.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear() => (_added, _length, Count) = (0, 0, 0);

    /// <summary>Adds a request.</summary>
    public void Add(PendingRequest request)
    {
        var body = request.Body;
        if (_added == _waiting.Length)
            Array.Resize(ref _waiting, Math.Min(_added * 2, batchLimit));
        if (_length + body.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + body.Length));

        body.CopyTo(_bytes.AsSpan(_length));
        request.WaitsIn = this;
        request.BatchEntry = _added;
        request.BatchOffset = _length;
        _waiting[_added++] = request;
        _length += body.Length;
    }

    /// <summary>Removes a request before the batch is sealed.</summary>
    public void Remove(PendingRequest request)
    {
        _waiting[request.BatchEntry] = null;
        request.WaitsIn = null;
    }

    /// <summary>Writes the records of the requests that were not removed.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Seal(long call, long now, Clock clock)
    {
        Call = call;
        if (_requests.Length < _waiting.Length)
            _requests = new ClientRequest[_waiting.Length];
        for (var i = 0; i < _added; i++)
        {
            if (_waiting[i] is not { } request)
                continue;

            _waiting[i] = null;
            request.WaitsIn = null;
            request.Call = call;
            _requests[Count++] = new ClientRequest
            {
                Ticket = request.Ticket,
                Offset = request.BatchOffset,
                IdLength = request.IdLength,
                OperationLength = request.OperationLength,
                PayloadLength = request.PayloadLength,
                ClientId = request.ClientId,
                TimeLeftMs = (int)clock.Milliseconds(request.DeadlineAt - now),
                ReturnFrom = request.MostLoad == int.MaxValue ? 0 : request.MostLoad,
                IsRetried = request.CountedAttempts > 1,
                PriorityOffset = request.Priority - RequestParser.UsualPriority,
            };
        }

        return Count > 0;
    }

    public ServerPart ToPart(string serverId) => new()
    {
        ServerId = serverId,
        Requests = _requests.AsMemory(0, Count),
        Bytes = _bytes.AsMemory(0, _length),
    };

    public RequestBatch ToBatch(string gatewayId) => new()
    {
        GatewayId = gatewayId,
        Requests = _requests.AsMemory(0, Count),
        Bytes = _bytes.AsMemory(0, _length),
    };
}
