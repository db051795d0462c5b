using Shortline.Gateway.Requests;

namespace Shortline.Gateway.HandOver;

/// <summary>
/// The requests that wait for the next call to a server, already in the batches in which they will leave. One batch is enough for most
/// servers; more form while a call takes long.
/// </summary>
/// <remarks>Protected by the fleet's lock.</remarks>
internal sealed class Outbox(BatchPool pool)
{
    private readonly Queue<BatchBuffer> _batches = new();
    private BatchBuffer? _last;
    private long _calls;

    /// <summary>The number of requests that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a request.</summary>
    public void Add(PendingRequest request)
    {
        if (_last is null || _last.IsFull)
        {
            _last = pool.Rent();
            _batches.Enqueue(_last);
        }

        _last.Add(request);
        Count++;
    }

    /// <summary>Removes a request that still waits.</summary>
    public void Remove(PendingRequest request)
    {
        if (request.WaitsIn is not { } batch)
            return;
        batch.Remove(request);
        Count--;
    }

    /// <summary>Takes the next batch and numbers the call; null if no request waits. The caller gives the batch back to the pool.</summary>
    public BatchBuffer? Take(long now, Clock clock)
    {
        while (_batches.TryDequeue(out var batch))
        {
            if (batch == _last)
                _last = null;
            if (batch.Seal(_calls + 1, now, clock))
            {
                _calls++;
                Count -= batch.Count;
                return batch;
            }

            pool.Return(batch);
        }

        return null;
    }
}
