using System.Diagnostics.CodeAnalysis;

namespace Shortline.Gateway.Requests;

/// <summary>The requests that no server can accept at the moment, in the order in which they came.</summary>
/// <remarks>Protected by the shard's lock.</remarks>
internal sealed class WaitingRequests(RequestTable table)
{
    private const int FewTickets = 64;

    private readonly Queue<long> _tickets = new();

    /// <summary>The number of requests, and of those that ended a moment ago.</summary>
    public int Count => _tickets.Count;

    public void Add(PendingRequest request) => _tickets.Enqueue(request.Ticket);

    /// <summary>Takes the next request that still waits.</summary>
    /// <param name="left">How many to look at; what is added meanwhile comes later.</param>
    /// <param name="request">The request.</param>
    public bool TryTake(ref int left, [NotNullWhen(true)] out PendingRequest? request)
    {
        while (left-- > 0)
        {
            if (table.TryGet(_tickets.Dequeue(), out request) && request.Server is null)
                return true;
        }

        request = null;
        return false;
    }

    /// <summary>
    /// Removes the tickets of requests that have ended while they waited. Done when these outnumber the requests in flight, so that its cost
    /// is that of the requests.
    /// </summary>
    public void ForgetEnded()
    {
        if (_tickets.Count <= (2 * table.Count) + FewTickets)
            return;

        for (var left = _tickets.Count; TryTake(ref left, out var request);)
            Add(request);
    }
}
