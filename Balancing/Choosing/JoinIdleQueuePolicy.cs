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
    /// <summary>
    /// Entries of the list that one choice looks at, at most. Many are passed over only after most servers of the list have become busy.
    /// </summary>
    private const int MostLooks = 64;

    private readonly AvailableServers _servers = new();
    private readonly SlotTable<State> _states = new();
    private readonly Queue<int> _idle = new();

    public string Name => BalancingPolicies.JoinIdleQueue;

    public void Set(in Candidate server)
    {
        _servers.Set(server);
        whenNoneIsIdle.Set(server);
        ref var state = ref _states[server.Slot];
        if (!state.IsKnown)
        {
            state.IsKnown = true;
            List(server.Slot);
        }
    }

    public void Exclude(int slot)
    {
        _servers.Exclude(slot);
        whenNoneIsIdle.Exclude(slot);
    }

    public void Forget(int slot)
    {
        // Its entry in the list is skipped later, or stands for the next server of the slot.
        _servers.Exclude(slot);
        whenNoneIsIdle.Forget(slot);
        _states[slot].IsKnown = false;
    }

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        for (var left = Math.Min(_idle.Count, MostLooks); left > 0; left--)
        {
            var slot = _idle.Dequeue();
            if (_states[slot].IsKnown && (!_servers.Has(slot) || tried.Contains(slot)))
            {
                // The server must not get this request, so it stays in the list.
                _idle.Enqueue(slot);
                continue;
            }

            _states[slot].IsListed = false;
            if (_states[slot].IsKnown && _servers[slot].Load == 0)
                return slot;
        }

        return whenNoneIsIdle.Pick(context, tried);
    }

    public void Observe(in Observation observation)
    {
        whenNoneIsIdle.Observe(observation);
        if (observation.Load == 0 && _states[observation.Slot].IsKnown)
            List(observation.Slot);
    }

    private void List(int slot)
    {
        ref var state = ref _states[slot];
        if (state.IsListed)
            return;

        state.IsListed = true;
        _idle.Enqueue(slot);
    }

    private struct State
    {
        public bool IsKnown;
        public bool IsListed;
    }
}
