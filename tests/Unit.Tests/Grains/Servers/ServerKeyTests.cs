using Shortline.GrainInterfaces.Servers;

namespace Shortline.Unit.Tests.Grains.Servers;

public class ServerKeyTests
{
    [Theory]
    [InlineData("default", "3", "S127.0.0.1:11111:1")]
    [InlineData("other", "a@b", "S[::1]:11111:123456789")]
    public void A_key_is_parsed_into_its_parts(string pool, string id, string silo)
    {
        var key = ServerKey.Of(pool, id, silo);

        Assert.Equal((pool, id, silo), ServerKey.Parse(key));
        Assert.True(ServerKey.TryGetSilo(key, out var named));
        Assert.Equal(silo, named.ToString());
    }

    [Theory]
    [InlineData("default/3")]
    [InlineData("3@silo")]
    [InlineData("a@b/c")]
    [InlineData("")]
    public void A_malformed_key_is_refused(string key) => Assert.Throws<FormatException>(() => ServerKey.Parse(key));
}
