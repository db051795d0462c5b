using System.Buffers.Binary;
using System.IO.Hashing;

namespace Shortline.Balancing.Choosing;

/// <summary>
/// Chooses the same server for the same client, unless its load is much higher than that of the others: rendezvous hashing (D. Thaler,
/// C. Ravishankar, 1998, with weights after J. Resch, "New hashing algorithms for data storage", 2015) with bounded loads (V. Mirrokni,
/// M. Thorup, M. Zadimoghaddam, "Consistent hashing with bounded loads", 2016; HAProxy's <c>hash-balance-factor 125</c>). For handlers that
/// keep state of their clients.
/// </summary>
/// <remarks>
/// Each pair of client and server has a score. The best server wins among those whose load is below 1.25 times their share of the total
/// load. If a server is added or removed, only its own clients move. All gateways agree without communication.
/// </remarks>
internal sealed class ConsistentHashPolicy : IBalancingPolicy
{
    private const double MostOverShare = 1.25;

    public string Name => BalancingPolicies.ConsistentHash;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var (load, weight) = (1.0, 0.0); // the request itself adds to the load
        foreach (ref readonly var candidate in candidates)
        {
            load += candidate.Load;
            weight += candidate.WarmWeight;
        }

        Span<byte> key = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(key, context.Key);
        var (best, least) = (-1, double.PositiveInfinity);
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            if (candidate.Load >= Math.Ceiling(MostOverShare * load * candidate.WarmWeight / weight))
                continue;

            var score = -Math.Log(Uniform(key, candidate.Hash)) / candidate.WarmWeight;
            if (score < least)
                (best, least) = (i, score);
        }

        // The bounds add up to more than the total load, so at least one server is below its bound, except for rounding errors.
        return best >= 0 ? best : 0;
    }

    /// <summary>Returns a number above 0 and below 1 that depends only on the client and the server.</summary>
    private static double Uniform(ReadOnlySpan<byte> key, ulong server) => ((XxHash3.HashToUInt64(key, (long)server) >> 12) + 0.5) / (1UL << 52);
}
