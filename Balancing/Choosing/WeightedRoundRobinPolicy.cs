namespace Shortline.Balancing.Choosing;

/// <summary>
/// Weighted round robin by earliest deadline, as in Envoy (<c>edf_scheduler.h</c>): chooses servers in proportion to their weights and
/// spreads the choices of a server with a large weight evenly. It uses its own choices and failures, not queues.
/// </summary>
/// <remarks>
/// Each server has a deadline on a virtual clock. The server with the earliest one is chosen; the clock moves to it, and the server's next
/// deadline is <c>1 / (weight · ramp)</c> later. So in one unit of the clock, each server is chosen as often as its weight says. The first
/// deadline is random, so that several gateways are not in step. A failure delays the next deadline by a fifth of that interval.
/// </remarks>
internal sealed class WeightedRoundRobinPolicy : IBalancingPolicy
{
    /// <summary>A unit of the virtual clock: divisible by every small weight, so that whole weights give exact shares.</summary>
    private const double Unit = 720_720 * 64;

    /// <summary>The number of consecutive failures that delay a server by a whole interval; also the default for ejection.</summary>
    private const double MaxFails = 5;

    private readonly LeastFirst _order = new();
    private readonly SlotTable<Entry> _entries = new();
    private double _clock;

    public string Name => BalancingPolicies.WeightedRoundRobin;

    public void Set(in Candidate server)
    {
        ref var entry = ref _entries[server.Slot];
        entry.Interval = Math.Floor(Unit / server.WarmWeight);
        if (!_order.Has(server.Slot))
            _order.Set(server.Slot, Math.Max(entry.Deadline, _clock));
    }

    public void Exclude(int slot)
    {
        if (!_order.Has(slot))
            return;
        _entries[slot].Deadline = _order.ScoreOf(slot);
        _order.Remove(slot);
    }

    public void Forget(int slot)
    {
        _order.Remove(slot);
        _entries[slot] = default;
    }

    public int Pick(in PickContext context, ReadOnlySpan<int> tried)
    {
        while (_order.Least(context.Random, tried) is var slot and >= 0)
        {
            ref var entry = ref _entries[slot];
            _clock = Math.Max(_clock, _order.ScoreOf(slot));
            if (entry.HasPhase)
            {
                _order.Set(slot, _clock + entry.Interval);
                return slot;
            }

            entry.HasPhase = true;
            _order.Set(slot, _clock + Math.Floor(context.Random.NextDouble() * entry.Interval));
        }

        return -1;
    }

    public void Observe(in Observation observation)
    {
        if (!observation.Failed || !_order.Has(observation.Slot))
            return;

        // Failures of many requests at once cost no more than two turns.
        var interval = _entries[observation.Slot].Interval;
        var delayed = Math.Min(_order.ScoreOf(observation.Slot) + Math.Floor(interval / MaxFails), _clock + (3 * interval));
        _order.Set(observation.Slot, Math.Max(_order.ScoreOf(observation.Slot), delayed));
    }

    private struct Entry
    {
        /// <summary>Whether its first deadline was drawn.</summary>
        public bool HasPhase;
        public double Interval;

        /// <summary>Its deadline when it was last excluded.</summary>
        public double Deadline;
    }
}
