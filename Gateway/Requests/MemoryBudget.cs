namespace Shortline.Gateway.Requests;

/// <summary>
/// Counts the memory that clients can make this process take: long requests in flight, answers that they do not read, and answers that are
/// kept for repeats. Gateways and the ports of servers in one process share it. Thread-safe.
/// </summary>
/// <param name="limit">The most bytes; not counted are requests and unread answers of up to 2 kB, whose number is limited.</param>
internal sealed class MemoryBudget(long limit)
{
    private const long Megabyte = 1024 * 1024;

    private long _used;

    /// <summary>The most bytes.</summary>
    public long Limit => limit;

    /// <summary>The bytes that are taken.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>A budget of megabytes.</summary>
    public static MemoryBudget OfMegabytes(int megabytes) => new(megabytes * Megabyte);

    /// <summary>Takes bytes.</summary>
    /// <returns>Whether there are so many.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _used, -bytes);
}
