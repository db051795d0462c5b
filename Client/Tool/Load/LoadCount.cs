namespace Shortline.Client.Tool.Load;

/// <summary>Counts the requests that a run starts, and stops it at its limit. Thread-safe.</summary>
/// <param name="limit">Requests of the run; null for no limit.</param>
internal sealed class LoadCount(long? limit)
{
    private readonly long _limit = limit ?? long.MaxValue;
    private long _started;
    private long _notSent;
    private volatile bool _isStopped;

    /// <summary>Requests started, those included that were due and not sent.</summary>
    public long Started => Math.Min(Interlocked.Read(ref _started), _limit);

    /// <summary>Requests that were due and not sent.</summary>
    public long NotSent => Interlocked.Read(ref _notSent);

    /// <summary>Whether the limit is reached.</summary>
    public bool IsComplete => Interlocked.Read(ref _started) >= _limit;

    /// <summary>Whether no new requests are started.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Counts one request.</summary>
    /// <returns>Whether the request may be started.</returns>
    public bool TryStart() => !_isStopped && Interlocked.Increment(ref _started) <= _limit;

    /// <summary>Counts a started request that was not sent.</summary>
    public void OnNotSent() => Interlocked.Increment(ref _notSent);

    /// <summary>Counts requests that were due before the end and are not sent any more.</summary>
    public void OnOverdue(long count)
    {
        Interlocked.Add(ref _notSent, count);
        Interlocked.Add(ref _started, count);
    }

    /// <summary>Starts no new requests from now on.</summary>
    public void Stop() => _isStopped = true;
}
