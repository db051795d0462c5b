using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Shortline.Hosting.Settings.Sections;
using Shortline.Silo.Endpoints;

namespace Shortline.Unit.Tests.Silo.Endpoints;

public sealed class EndpointPortsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HashSet<int> _taken = [];
    private readonly EndpointPorts _ports;
    private int _tries;

    public EndpointPortsTests() => _ports = new EndpointPorts(new ServerSettings { StartId = 10, PortRangeStart = 5000, PortRangeEnd = 5100 }, _time);

    [Theory]
    [InlineData("10", 5000)]
    [InlineData("13", 5003)]
    [InlineData("110", 5000)]
    [InlineData("9", 5000)]
    [InlineData("a-name", 5000)]
    public void A_server_has_the_port_of_its_number(string id, int port) => Assert.Equal(port, Open(id));

    [Fact]
    public void A_port_that_is_taken_is_skipped_and_the_last_one_is_followed_by_the_first()
    {
        _taken.UnionWith([5098, 5099, 5000]);
        Assert.Equal(5001, Open("108"));
    }

    /// <summary>A fleet may have many more servers than ports. None of them may try all ports again.</summary>
    [Fact]
    public void Without_a_free_port_servers_do_not_try_all_of_them_again_and_again()
    {
        _taken.UnionWith(Enumerable.Range(5000, 100));
        Assert.Null(Open("10"));
        Assert.Equal(100, _tries);
        for (var i = 0; i < 1000; i++)
            Assert.Null(Open($"{i}"));
        Assert.Equal(100, _tries);

        _taken.Remove(5050);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5050, Open("10"));
    }

    private int? Open(string id) => _ports.Open(
        id,
        endPoint =>
        {
            _tries++;
            return _taken.Contains(endPoint.Port) ? throw new SocketException((int)SocketError.AddressAlreadyInUse) : endPoint;
        })?.Port;
}
