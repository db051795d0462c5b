using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Hosting.Settings;

public sealed class ExposedErrorsTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.2", "::1", "127.0.0.1", true)]
    [InlineData("0.0.0.0", "127.0.0.1", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "10.0.0.5", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "10.0.0.5", false)]
    [InlineData("::", "127.0.0.1", "127.0.0.1", false)]
    public void By_default_errors_are_exposed_on_loopback_only(string gateway, string server, string silo, bool exposed) =>
        Assert.Equal(exposed, Settings("auto", gateway, server, silo).ExposesErrors());

    [Theory]
    [InlineData("on", true)]
    [InlineData("off", false)]
    public void The_setting_wins_over_the_addresses(string value, bool exposed)
    {
        Assert.Equal(exposed, Settings(value, "127.0.0.1", "127.0.0.1", "127.0.0.1").ExposesErrors());
        Assert.Equal(exposed, Settings(value, "0.0.0.0", "10.0.0.5", "10.0.0.5").ExposesErrors());
    }

    private static ShortlineSettings Settings(string value, string gateway, string server, string silo) => new()
    {
        Server = new ServerSettings { ExposeErrors = value, Address = server },
        LoadBalancer = new LoadBalancerSettings { Address = gateway },
        Cluster = new ClusterSettings { Address = silo },
    };
}
