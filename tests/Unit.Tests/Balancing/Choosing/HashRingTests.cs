using Shortline.Balancing.Choosing;

namespace Shortline.Unit.Tests.Balancing.Choosing;

public sealed class HashRingTests
{
    private const int Servers = 10;
    private const int Keys = 20_000;

    [Fact]
    public void A_server_that_leaves_moves_only_its_own_keys()
    {
        var ring = Ring();
        var before = Owners(ring);
        ring.Remove(4);
        var after = Owners(ring);
        Assert.Equal((Servers - 1) * HashRing.PointsPerWeight, ring.Count);
        Assert.All(before.Zip(after), pair => Assert.True(pair.First == 4 ? pair.Second != 4 : pair.First == pair.Second));

        // It returns to its keys, whatever came between.
        ring.Add(4, StableHash.Of("4"), weight: 1);
        Assert.Equal(before, Owners(ring));
    }

    [Fact]
    public void The_order_of_additions_has_no_effect()
    {
        var backwards = new HashRing();
        foreach (var slot in Enumerable.Range(0, Servers).Reverse())
        {
            backwards.Add(slot, StableHash.Of($"{slot}"), weight: 1);
            _ = backwards.Count;
        }

        Assert.Equal(Owners(Ring()), Owners(backwards));
    }

    [Fact]
    public void Weights_are_shares()
    {
        var ring = new HashRing();
        for (var slot = 0; slot < 4; slot++)
            ring.Add(slot, StableHash.Of($"{slot}"), weight: slot + 1);
        var shares = Owners(ring).CountBy(slot => slot).ToDictionary(pair => pair.Key, pair => pair.Value / (double)Keys);
        Assert.All(Enumerable.Range(0, 4), slot => Assert.Equal((slot + 1) / 10.0, shares[slot], tolerance: 0.06));
    }

    [Fact]
    public void The_largest_weights_count_as_the_limit()
    {
        var ring = new HashRing();
        ring.Add(0, StableHash.Of("0"), weight: 1000);
        Assert.Equal(HashRing.MostWeight * HashRing.PointsPerWeight, ring.Count);
    }

    private static HashRing Ring()
    {
        var ring = new HashRing();
        for (var slot = 0; slot < Servers; slot++)
            ring.Add(slot, StableHash.Of($"{slot}"), weight: 1);
        return ring;
    }

    private static int[] Owners(HashRing ring) => [.. Enumerable.Range(0, Keys).Select(key => ring.SlotAt(ring.Find((ulong)key)))];
}
