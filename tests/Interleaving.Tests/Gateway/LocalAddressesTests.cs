using Shortline.Gateway.Udp;
using Shortline.Interleaving.Tests.Exploration;

namespace Shortline.Interleaving.Tests.Gateway;

/// <summary>Threads number addresses that belong in the same bucket.</summary>
public sealed class LocalAddressesTests
{
    private static readonly LocalAddress[] OfOneBucket =
    [
        .. Enumerable.Range(1, int.MaxValue)
            .Select(i => new LocalAddress(0, (ulong)i, 0))
            .Where(address => LocalAddresses.FirstBucket(address) == 0)
            .Take(2),
    ];

    [Fact]
    public void Every_address_has_a_number_of_its_own() => Schedules.Explore(() =>
    {
        var addresses = new LocalAddresses(log: null);
        ushort first = 0, second = 0, again = 0;
        Operations.Start(
            () => first = addresses.NumberOf(OfOneBucket[0]),
            () => second = addresses.NumberOf(OfOneBucket[1]),
            () => again = addresses.NumberOf(OfOneBucket[0]));
        Operations.Join();

        Assert.Equal(first, again);
        Assert.Equal(3, first + second);
        Assert.True(addresses.TryGet(first, out var found) && found == OfOneBucket[0]);
        Assert.True(addresses.TryGet(second, out found) && found == OfOneBucket[1]);
    });
}
