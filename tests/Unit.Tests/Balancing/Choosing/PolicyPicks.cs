using System.Runtime.CompilerServices;
using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

/// <summary>Picks from a list of servers, for tests that state the whole situation of each pick.</summary>
internal static class PolicyPicks
{
    private static readonly ConditionalWeakTable<IBalancingPolicy, HashSet<int>> Available = [];

    /// <summary>Makes these servers the available ones and picks one.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="servers">The servers. If their slots are not different, their indices are their slots.</param>
    /// <param name="context">The other inputs.</param>
    /// <param name="tried">The slots of servers that must not be picked.</param>
    /// <returns>The index of the server that is picked; -1 if there is none.</returns>
    public static int Pick(this IBalancingPolicy policy, ReadOnlySpan<Candidate> servers, in PickContext context, params int[] tried)
    {
        var slots = SlotsOf(servers);
        policy.Set(servers);
        return slots.IndexOf(policy.Pick(context, tried));
    }

    /// <summary>Makes these servers the available ones.</summary>
    public static void Set(this IBalancingPolicy policy, ReadOnlySpan<Candidate> servers)
    {
        var slots = SlotsOf(servers);
        var available = Available.GetOrCreateValue(policy);
        foreach (var slot in available.Except(slots))
            policy.Exclude(slot);
        for (var i = 0; i < servers.Length; i++)
            policy.Set(servers[i] with { Slot = slots[i] });
        available.Clear();
        available.UnionWith(slots);
    }

    private static List<int> SlotsOf(ReadOnlySpan<Candidate> servers)
    {
        var slots = servers.ToArray().Select(server => server.Slot).ToList();
        return slots.Distinct().Count() == slots.Count ? slots : [.. Enumerable.Range(0, slots.Count)];
    }
}
