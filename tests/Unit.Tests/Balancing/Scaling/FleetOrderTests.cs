using Shortline.Balancing.Scaling;

namespace Shortline.Unit.Tests.Balancing.Scaling;

public sealed class FleetOrderTests
{
    [Fact]
    public void The_lowest_free_id_is_next() =>
        Assert.Equal("6", FleetOrder.LowestFreeId(5, new HashSet<string> { "5", "7", "x" }));

    [Fact]
    public void The_emptiest_goes_first() =>
        Assert.Equal(1, FleetOrder.Emptiest([Server("0", 3), Server("1", 1), Server("2", 2)]));

    [Fact]
    public void Among_equals_the_highest_id_goes_first() =>
        Assert.Equal(2, FleetOrder.Emptiest([Server("9", 0), Server("2", 0), Server("10", 0)]));

    [Fact]
    public void Nobody_goes_first_of_nobody() => Assert.Equal(-1, FleetOrder.Emptiest([]));

    private static ServerLoad Server(string id, int waiting) => new(id, 1, waiting, 0, 1, 0, 0, 0);
}
