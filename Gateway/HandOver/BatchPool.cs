namespace Shortline.Gateway.HandOver;

/// <summary>Batches that no server needs at the moment. So a server that gets no requests costs no memory for them.</summary>
/// <remarks>Protected by the fleet's lock.</remarks>
/// <param name="batchLimit">The maximum number of requests in a batch.</param>
internal sealed class BatchPool(int batchLimit)
{
    /// <summary>More are in use only for a moment, when a queue of many batches leaves.</summary>
    private const int Kept = 256;

    private readonly Stack<BatchBuffer> _free = new();

    public BatchBuffer Rent() => _free.TryPop(out var batch) ? batch : new BatchBuffer(batchLimit);

    /// <summary>Takes a batch back that nobody reads any more.</summary>
    public void Return(BatchBuffer batch)
    {
        if (_free.Count == Kept || !batch.IsWorthKeeping)
            return;
        batch.Clear();
        _free.Push(batch);
    }
}
