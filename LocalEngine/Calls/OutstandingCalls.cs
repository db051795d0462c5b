namespace Shortline.LocalEngine;

/// <summary>
/// The calls that a silo or client waits for. Linked through the calls themselves and split by thread, so that adding and removing
/// one costs no memory and hardly ever waits.
/// </summary>
internal sealed class OutstandingCalls
{
    private readonly Shard[] _shards = [.. Enumerable.Range(0, 16).Select(_ => new Shard())];

    public void Add(Call call)
    {
        var index = Environment.CurrentManagedThreadId & (_shards.Length - 1);
        var shard = _shards[index];
        call.Shard = index;
        lock (shard.Lock)
        {
            call.Next = shard.First;
            if (shard.First is { } first)
            {
                first.Previous = call;
            }

            shard.First = call;
        }
    }

    public void Remove(Call call)
    {
        var shard = _shards[call.Shard];
        lock (shard.Lock)
        {
            if (call.Previous is { } previous)
            {
                previous.Next = call.Next;
            }
            else
            {
                shard.First = call.Next;
            }

            if (call.Next is { } next)
            {
                next.Previous = call.Previous;
            }

            call.Previous = null;
            call.Next = null;
            call.Shard = -1;
        }
    }

    /// <summary>Fails the calls that <paramref name="failure"/> has an exception for.</summary>
    public void Fail(Func<Call, Exception?> failure)
    {
        foreach (var shard in _shards)
        {
            // Claimed under the lock: a call that left the list may already be another one. No code of a caller runs in here.
            lock (shard.Lock)
            {
                for (Call? call = shard.First, next; call is not null; call = next)
                {
                    next = call.Next;
                    if (failure(call) is { } exception)
                    {
                        call.TryFail(exception);
                    }
                }
            }
        }
    }

    private sealed class Shard
    {
        public Lock Lock { get; } = new();

        public Call? First { get; set; }
    }
}
