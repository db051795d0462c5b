using System.Net;
using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway.Udp;

namespace Shortline.Unit.Tests.Gateway.Udp;

/// <summary>Recognises datagrams that claim to come from the gateway itself.</summary>
public sealed class OwnAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", 54001, true)]
    [InlineData("127.0.0.1", "127.0.0.1", 54002, false)]
    [InlineData("127.0.0.1", "127.0.0.2", 54001, false)]
    [InlineData("0.0.0.0", "127.0.0.1", 54001, true)]
    [InlineData("0.0.0.0", "192.0.2.1", 54001, false)]
    [InlineData("::", "127.0.0.1", 54001, true)]
    [InlineData("::", "[::ffff:127.0.0.1]", 54001, true)]
    [InlineData("::", "192.0.2.1", 54001, false)]
    public void Contains_the_addresses_to_which_the_socket_is_bound(string bound, string peer, int port, bool isOwn)
    {
        var own = new OwnAddresses(new IPEndPoint(IPAddress.Parse(bound), 54001), new FakeTimeProvider());

        Assert.Equal(isOwn, own.Contains(PeerAddress.From(IPEndPoint.Parse($"{peer}:{port}"))));
    }

    [Fact]
    public void A_connection_is_never_own()
    {
        // The bytes of a connection's number look like port 256.
        var own = new OwnAddresses(new IPEndPoint(IPAddress.Any, 256), new FakeTimeProvider());

        Assert.False(own.Contains(PeerAddress.OfConnection(number: 1, generation: 1, new IPEndPoint(IPAddress.Loopback, 256))));
    }
}
