using System.Buffers.Binary;
using System.IO.Hashing;

namespace Shortline.Balancing;

/// <summary>
/// The same server for the same client, unless that one has much more to do than the others: rendezvous hashing (D. Thaler, C. Ravishankar, 1998, with weights after
/// J. Resch, "New hashing algorithms for data storage", 2015) with bounded loads (V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent hashing with bounded loads", 2016;
/// HAProxy's <c>hash-balance-factor 125</c>). For handlers that keep something of their clients.
/// </summary>
/// <remarks>
/// Each server has a score for each client; the best of those wins that have less than 1.25 times their share of all that waits and is in service.
/// A server that comes or goes moves only its own clients, and all gateways agree without talking.
/// </remarks>
internal sealed class ConsistentHashPolicy : IBalancingPolicy
{
    private const double MostOverShare = 1.25;

    public string Name => BalancingPolicies.ConsistentHash;

    public int Pick(ReadOnlySpan<Candidate> candidates, in PickContext context)
    {
        var (load, weight) = (1.0, 0.0); // the request itself is load too
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

        // Their bounds together are more than what there is, so somebody is below; but a sum of doubles is not exact.
        return best >= 0 ? best : 0;
    }

    /// <summary>A number above 0 and below 1 that depends only on the client and the server.</summary>
    private static double Uniform(ReadOnlySpan<byte> key, ulong server) => ((XxHash3.HashToUInt64(key, (long)server) >> 12) + 0.5) / (1UL << 52);
}
