using Shortline.Balancing.Scaling;

namespace Shortline.Unit.Tests.Balancing.Scaling;

public sealed class FleetOrderTests
{
    [Fact]
    public void LowestFreeId_skips_ids_in_use() =>
        Assert.Equal(6, FleetOrder.LowestFreeId(5, new HashSet<string> { "5", "7", "x" }.Contains));

    [Fact]
    public void Emptiest_is_the_server_with_the_shortest_queue() =>
        Assert.Equal(1, FleetOrder.Emptiest([Server("0", 3), Server("1", 1), Server("2", 2)]));

    [Fact]
    public void Emptiest_is_the_highest_id_among_equal_queues() =>
        Assert.Equal(2, FleetOrder.Emptiest([Server("9", 0), Server("2", 0), Server("10", 0)]));

    [Fact]
    public void Emptiest_of_no_servers_is_minus_one() => Assert.Equal(-1, FleetOrder.Emptiest([]));

    private static ServerLoad Server(string id, int waiting) => new(id, 1, waiting, 0, 1, 0, 0, 0);
}
