using Shortline.Hosting.Clustering.Redis;

namespace Shortline.Unit.Tests.Hosting.Clustering;

public sealed class RedisDurabilityTests
{
    [Theory]
    [InlineData("no", "", "noeviction", true, false)]
    [InlineData("no", "3600 1", "noeviction", false, false)]
    [InlineData("yes", "", "allkeys-lru", false, true)]
    [InlineData("yes", "", "volatile-lru", false, false)]
    [InlineData(null, null, null, false, false)]
    public void The_configuration_of_the_server_determines_its_durability(string? appendOnly, string? save, string? policy, bool loses, bool evicts)
    {
        var durability = new RedisDurability(appendOnly, save, policy);

        Assert.Equal((loses, evicts), (durability.LosesDataOnRestart, durability.MayEvict));
    }
}
