namespace Shortline.Balancing;

/// <summary>
/// The server that has been idle longest, else power of two choices (Y. Lu et al., "Join-Idle-Queue", Performance Evaluation 68(11), 2011). Counts only who is
/// idle, and needs no look at all the others' queues.
/// </summary>
/// <remarks>
/// An idle server is to stand in the list of one gateway, or several would send it their next request at the same time. Here that is the gateway whose request was the last it had: that
/// one is told by the answer, without a message for the purpose. A new server stands in every gateway's list, once. Whoever is found busy when its turn comes (another gateway
/// had taken it by its ranking) is passed over.
/// </remarks>
/// <param name="whenNobodyIsIdle">What chooses then.</param>
internal sealed class JoinIdleQueuePolicy(IBalancingPolicy whenNobodyIsIdle) : IBalancingPolicy
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
                // Not for this request: it keeps its place for others.
                _idle.Enqueue(slot);
                continue;
            }

            _isListed[slot] = false;
            if (candidates[index].Load == 0)
                return index;
        }

        return whenNobodyIsIdle.Pick(candidates, context);
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
