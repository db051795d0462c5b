using System.Net;
using System.Runtime.CompilerServices;
using Shortline.Gateway.Udp;
using Shortline.Gateway.Udp.Linux;

namespace Shortline.Unit.Tests.Gateway.Udp;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:54001")]
    [InlineData("255.1.2.3:1")]
    [InlineData("10.0.0.1:0")]
    [InlineData("[::1]:65535")]
    [InlineData("[fe80::1%3]:80")]
    [InlineData("[2001:db8::ff00:42:8329]:443")]
    public void An_address_converts_to_an_endpoint_and_back(string text)
    {
        var endPoint = IPEndPoint.Parse(text);
        var address = PeerAddress.From(endPoint);
        Assert.Equal(endPoint, address.ToEndPoint());
        Assert.Equal(endPoint.Port, address.Port);
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, PeerAddress.From(endPoint.Serialize()));
        Assert.Equal(endPoint.Serialize().Buffer.ToArray(), address.Bytes.ToArray());
    }

    [Fact]
    public void The_default_address_is_written_as_nowhere() => Assert.Equal("nowhere", default(PeerAddress).ToString());

    [Fact]
    public void An_address_that_is_neither_IPv4_nor_IPv6_is_refused() =>
        Assert.Throws<ArgumentException>(() => new PeerAddress(new byte[29]));

    [Fact]
    public void Addresses_differ_by_address_port_and_scope()
    {
        string[] texts = ["1.2.3.4:5", "1.2.3.4:6", "1.2.3.5:5", "[::1]:5", "[fe80::1%1]:5", "[fe80::1%2]:5", "[fe80::2%1]:5"];
        var addresses = texts.Select(text => PeerAddress.From(IPEndPoint.Parse(text))).ToHashSet();
        Assert.Equal(texts.Length, addresses.Count);
        Assert.Equal(texts.Length, addresses.Select(address => address.Hash(1)).Distinct().Count());
        Assert.DoesNotContain(default, addresses);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("fe80::1%3")]
    public void Hashes_of_consecutive_ports_are_spread_evenly(string address)
    {
        const int buckets = 1024;
        const int ports = 32_768;
        var seen = new int[buckets];
        for (var port = 1; port <= ports; port++)
            seen[PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), port)).Hash(42) % buckets]++;
        // 32 are expected in each bucket. The standard deviation of random hashes is 5.7; the bounds allow six of them, which is 34.
        Assert.InRange(seen.Min(), 4, 32);
        Assert.InRange(seen.Max(), 32, 66);
    }

    [Fact]
    public void The_hash_depends_on_the_seed()
    {
        var one = PeerAddress.From(IPEndPoint.Parse("1.2.3.4:5"));
        Assert.NotEqual(one.Hash(1), one.Hash(2));
    }

    [Theory]
    [InlineData("[::ffff:1.2.3.4]:5", "1.2.3.4:5")]
    [InlineData("[::ffff:255.255.255.255]:65535", "255.255.255.255:65535")]
    public void An_IPv4_address_that_is_mapped_to_IPv6_is_the_IPv4_address(string mapped, string plain)
    {
        var (one, other) = (PeerAddress.From(IPEndPoint.Parse(mapped)), PeerAddress.From(IPEndPoint.Parse(plain)));
        Assert.Equal(other, one);
        Assert.Equal(other, PeerAddress.From(IPEndPoint.Parse(mapped).Serialize()));
        Assert.Equal(other, new PeerAddress(IPEndPoint.Parse(mapped).Serialize().Buffer.Span).Received(PeerAddress.IPv6Length, local: 0));
        Assert.Equal(other.Bytes.ToArray(), one.Bytes.ToArray());
        Assert.Equal((other.MachineHash, other.MachineKey, other.Hash(7)), (one.MachineHash, one.MachineKey, one.Hash(7)));
        Assert.Equal((plain, IPEndPoint.Parse(plain)), (one.ToString(), one.ToEndPoint()));
        Assert.Equal(IPEndPoint.Parse(mapped), one.MappedToIPv6().ToEndPoint());
    }

    [Theory]
    [InlineData("[::1]:5")]
    [InlineData("[::1.2.3.4]:5")]
    [InlineData("[::fffe:1.2.3.4]:5")]
    [InlineData("[::1:ffff:1.2.3.4]:5")]
    [InlineData("[64:ff9b::1.2.3.4]:5")]
    [InlineData("[fe80::ffff:1.2.3.4%3]:5")]
    public void Other_IPv6_addresses_stay_as_they_are(string text)
    {
        var address = PeerAddress.From(IPEndPoint.Parse(text));
        Assert.Equal(IPEndPoint.Parse(text), address.ToEndPoint());
        Assert.Equal(address, address.MappedToIPv6());
    }

    [Theory]
    [InlineData("1.2.3.4:5")]
    [InlineData("[::ffff:1.2.3.4]:5")]
    [InlineData("[2001:db8::1]:5")]
    public void The_local_address_is_kept_and_no_part_of_the_identity(string text)
    {
        var serialized = IPEndPoint.Parse(text).Serialize();
        var address = PeerAddress.From(serialized);
        var received = new PeerAddress(serialized.Buffer.Span).Received(serialized.Size, local: 65_535);
        Assert.Equal((65_535, 65_535, 0), (received.Local, received.MappedToIPv6().Local, address.Local));
        Assert.Equal(address, received);
        Assert.Equal(address.GetHashCode(), received.GetHashCode());
        Assert.Equal((address.Hash(1), address.MachineKey), (received.Hash(1), received.MachineKey));
        Assert.Equal(address.Bytes.ToArray(), received.Bytes.ToArray());
        Assert.False(address.LeavesWith(received));
        Assert.True(address.LeavesWith(address) && received.LeavesWith(received));
    }

    [Fact]
    public void Structures_for_the_kernel_have_its_sizes()
    {
        Assert.Equal(32, Unsafe.SizeOf<PeerAddress>());
        if (Environment.Is64BitProcess)
        {
            Assert.Equal(64, Unsafe.SizeOf<MessageHeader>());
            Assert.Equal(16, Unsafe.SizeOf<IoVector>());
            Assert.Equal(24, Unsafe.SizeOf<SegmentControl>());
        }
    }
}
