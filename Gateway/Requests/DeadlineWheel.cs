namespace Shortline.Gateway.Requests;

/// <summary>
/// Finds requests whose deadline has passed, without looking at the others: a ring of lists, each for the deadlines of one interval. Adding
/// and removing a request takes constant time (Varghese and Lauck, "Hashed and hierarchical timing wheels", 1987, scheme 6).
/// </summary>
/// <remarks>Protected by the shard's lock.</remarks>
/// <param name="interval">The ticks that one list stands for. Deadlines further away than the whole ring are met once per round.</param>
internal sealed class DeadlineWheel(long interval)
{
    /// <summary>With intervals of 10 ms, ten seconds: longer than most timeouts.</summary>
    private const int Lists = 1024;

    private readonly PendingRequest?[] _lists = new PendingRequest?[Lists];

    /// <summary>The interval that was looked at last. Its list may hold requests that are due later in it.</summary>
    private long _lookedAt = long.MinValue;

    /// <summary>Adds a request.</summary>
    public void Add(PendingRequest request)
    {
        ref var list = ref _lists[IndexOf(request)];
        request.NextDue = list;
        if (list is not null)
            list.PreviousDue = request;
        list = request;
    }

    /// <summary>Removes a request.</summary>
    public void Remove(PendingRequest request)
    {
        if (request.PreviousDue is { } previous)
            previous.NextDue = request.NextDue;
        else
            _lists[IndexOf(request)] = request.NextDue;
        if (request.NextDue is { } next)
            next.PreviousDue = request.PreviousDue;
        (request.NextDue, request.PreviousDue) = (null, null);
    }

    /// <summary>Adds the requests to a list whose deadline has passed. They stay in the wheel until they are removed.</summary>
    public void Collect(long now, List<PendingRequest> due)
    {
        var present = now / interval;
        for (var at = Math.Max(_lookedAt, present - Lists + 1); at <= present; at++)
        {
            for (var request = _lists[at & (Lists - 1)]; request is not null; request = request.NextDue)
            {
                if (now >= request.DeadlineAt)
                    due.Add(request);
            }
        }

        _lookedAt = present;
    }

    private int IndexOf(PendingRequest request) => (int)((request.DeadlineAt / interval) & (Lists - 1));
}
