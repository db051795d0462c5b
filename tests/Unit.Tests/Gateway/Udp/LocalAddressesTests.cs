using Shortline.Gateway.Udp;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Gateway.Udp;

public sealed class LocalAddressesTests
{
    [Fact]
    public void An_address_keeps_its_number()
    {
        var addresses = new LocalAddresses(log: null);
        LocalAddress[] three = [new(0, 1, 0), new(0, 1, 1), new(1, 1, 0)];

        ushort[] numbers = [.. three.Select(each => addresses.NumberOf(each))];

        Assert.Equal([1, 2, 3], numbers);
        Assert.Equal(numbers, three.Select(each => addresses.NumberOf(each)));
        Assert.All(three.Zip(numbers), each => Assert.True(addresses.TryGet(each.Second, out var address) && address == each.First));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(ushort.MaxValue)]
    public void A_number_that_was_never_assigned_has_no_address(ushort number)
    {
        var addresses = new LocalAddresses(log: null);
        addresses.NumberOf(new LocalAddress(0, 1, 0));

        Assert.False(addresses.TryGet(number, out _));
    }

    [Fact]
    public void Further_addresses_than_the_limit_get_no_number_which_is_logged_once()
    {
        var log = new RecordingLog();
        var addresses = new LocalAddresses(log);
        for (var i = 1; i <= LocalAddresses.Limit; i++)
            Assert.Equal(i, addresses.NumberOf(new LocalAddress(0, (ulong)i, 0)));
        Assert.Empty(log.Lines);

        for (var i = 1; i <= LocalAddresses.Limit; i++)
            Assert.Equal(LocalAddresses.None, addresses.NumberOf(new LocalAddress(1, (ulong)i, 0)));

        Assert.Single(log.Lines);
        Assert.Equal(LocalAddresses.Limit, addresses.Count);
        Assert.Equal(7, addresses.NumberOf(new LocalAddress(0, 7, 0)));
    }

    [Fact]
    public void Threads_that_meet_the_same_addresses_agree_on_their_numbers()
    {
        var addresses = new LocalAddresses(log: null);
        var numbers = new ushort[8][];

        Parallel.For(0, numbers.Length, thread => numbers[thread] =
            [.. Enumerable.Range(0, 1000).Select(i => addresses.NumberOf(new LocalAddress(0, (ulong)((i + (thread * 100)) % 1000), 0)))]);

        Assert.Equal(1000, addresses.Count);
        for (var thread = 0; thread < numbers.Length; thread++)
        {
            for (var i = 0; i < 1000; i++)
                Assert.Equal(numbers[0][(i + (thread * 100)) % 1000], numbers[thread][i]);
        }
    }
}
