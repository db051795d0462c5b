using Shortline.Hosting.Clustering.Redis;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;

namespace Shortline.Unit.Tests.Hosting.Clustering;

public sealed class RedisConfigurationTests
{
    [Fact]
    public void The_default_limits_suit_a_cluster()
    {
        var options = RedisConfiguration.Of(Cluster("db:6379,password=hush"));

        Assert.Equal((2000, 2000, 5), (options.ConnectTimeout, options.AsyncTimeout, options.KeepAlive));
        Assert.True(options.AbortOnConnectFail);
    }

    [Fact]
    public void Limits_of_the_connection_string_are_kept()
    {
        var options = RedisConfiguration.Of(Cluster("db:6379,connectTimeout=700,asyncTimeout=800,keepAlive=9,abortConnect=false"));

        Assert.Equal((700, 800, 9), (options.ConnectTimeout, options.AsyncTimeout, options.KeepAlive));
    }

    [Theory]
    [InlineData("db:6379,pasword=hush")]
    [InlineData("db:6379,ssl=hush")]
    [InlineData("password=hush")]
    public void The_error_does_not_quote_an_invalid_connection_string(string connectionString)
    {
        var failure = Assert.Throws<StartFailedException>(() => RedisConfiguration.Of(Cluster(connectionString)));

        Assert.StartsWith("cluster.connection_string is not a connection string of StackExchange.Redis", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", failure.ToString(), StringComparison.Ordinal);
    }

    private static ClusterSettings Cluster(string connectionString) => new() { Membership = ClusterSettings.Redis, ConnectionString = connectionString };
}
