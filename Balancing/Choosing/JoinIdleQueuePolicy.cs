namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses the server that has been idle longest, or another policy if none is idle (Y. Lu et al., "Join-Idle-Queue", Performance
/// Evaluation 68(11), 2011). It needs to know only which servers are idle.
/// </summary>
/// <remarks>
/// An idle server must be listed by only one gateway, or several would send their next request to it at the same time. That is the gateway
/// whose request the server completed last: it learns from the response that the server is idle, without an extra message. A new server is
/// listed once by every gateway. A listed server that is busy when it is chosen, because another gateway has sent it a request, is skipped.
/// </remarks>
/// <param name="whenNoneIsIdle">The policy that chooses if no server is idle.</param>
internal sealed class JoinIdleQueuePolicy(IBalancingPolicy whenNoneIsIdle) : IBalancingPolicy
{
    private readonly SlotTable<bool> _isListed = new();
    private readonly Queue<int> _idle = new();

    public string Name => BalancingPolicies.JoinIdleQueue;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        for (var left = _idle.Count; left > 0; left--)
        {
            var slot = _idle.Dequeue();
            var index = IndexOf(slot, candidates);
            if (index < 0)
            {
                // The server is no candidate for this request, so it stays in the list.
                _idle.Enqueue(slot);
                continue;
            }

            _isListed[slot] = false;
            if (candidates[index].Load == 0)
                return index;
        }

        return whenNoneIsIdle.Pick(candidates, context);
    }

    public void Observe(in Observation observation)
    {
        if (observation.Load == 0)
            Added(observation.Slot);
    }

    public void Added(int slot)
    {
        if (_isListed[slot])
            return;

        _isListed[slot] = true;
        _idle.Enqueue(slot);
    }

    public void Removed(int slot)
    {
        _isListed[slot] = false;
        for (var left = _idle.Count; left > 0; left--)
        {
            if (_idle.Dequeue() is var other && other != slot)
                _idle.Enqueue(other);
        }
    }

    private static int IndexOf(int slot, ReadOnlySpan<Candidate> candidates)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].Slot == slot)
                return i;
        }

        return -1;
    }
}
