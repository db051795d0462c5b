using Shortline.GrainInterfaces.Requests;

namespace Shortline.Gateway.Requests;

/// <summary>The memory of one batch, reused after the call has returned.</summary>
internal sealed class BatchBuffer(int batchLimit)
{
    /// <summary>
    /// The maximum number of bytes in a batch. Large payloads are split over several calls, so that none delays the others for long.
    /// </summary>
    private const int BytesLimit = 256 * 1024;

    private ClientRequest[] _requests = new ClientRequest[Math.Min(batchLimit, 16)];
    private byte[] _bytes = new byte[1024];
    private int _count;
    private int _length;

    public int Count => _count;

    public bool IsFull => _count >= batchLimit || _length >= BytesLimit;

    public ReadOnlySpan<ClientRequest> Requests => _requests.AsSpan(0, _count);

    public void Clear() => _count = _length = 0;

    public void Add(PendingRequest pending, int timeLeftMs)
    {
        var body = pending.Body;
        if (_count == _requests.Length)
        {
            Array.Resize(ref _requests, Math.Min(_count * 2, batchLimit));
        }

        if (_length + body.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + body.Length));
        }

        body.CopyTo(_bytes.AsSpan(_length));
        _requests[_count++] = new ClientRequest
        {
            Ticket = pending.Ticket,
            Offset = _length,
            IdLength = pending.IdLength,
            OperationLength = pending.OperationLength,
            PayloadLength = pending.PayloadLength,
            ClientId = pending.ClientId,
            TimeLeftMs = timeLeftMs,
            ReturnFrom = pending.MostLoad == int.MaxValue ? 0 : pending.MostLoad,
        };
        _length += body.Length;
    }

    public RequestBatch ToBatch(string gatewayId) => new()
    {
        GatewayId = gatewayId,
        Requests = _requests.AsMemory(0, _count),
        Bytes = _bytes.AsMemory(0, _length),
    };
}
