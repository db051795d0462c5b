using Microsoft.Extensions.Time.Testing;
using Shortline.Silo.Endpoints;
using Shortline.Unit.Tests.Gateway.Requests;
using Shortline.Unit.Tests.Gateway.Tcp;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Silo.Endpoints;

/// <summary>A server's own port while nobody is connected: a large fleet has thousands of them.</summary>
public sealed class UnusedEndpointTests
{
    private const int MostBytes = 20_000;

    private readonly FakeTimeProvider _time = new();
    private readonly FakeServer _server = new("0", DispatcherFixture.OwnSilo);

    [Fact]
    public void It_costs_little()
    {
        using (Open())
        {
            // Compiles the code.
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var endpoint = Open();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Assert.False(endpoint.IsInUse);
    }

    [Fact]
    public async Task The_first_connection_makes_it_a_gateway_and_the_end_of_the_last_one_ends_that()
    {
        using var endpoint = Open();
        var used = 0;
        endpoint.Used = () => Interlocked.Increment(ref used);
        using (var client = new LineClient(endpoint.EndPoint))
        {
            Assert.Equal("ok", client.Send("{\"id\":1,\"operation\":\"echo\",\"payload\":1}\n").Answer().GetProperty("status").GetString());
            Assert.True(endpoint.IsInUse);
            endpoint.Sweep();
            _time.Advance(TimeSpan.FromMinutes(1));
            endpoint.Sweep();
            Assert.True(endpoint.IsInUse, "a client is connected");
        }

        await Eventually.True(() => !endpoint.HasConnections, "the connection ends");
        endpoint.Sweep();
        Assert.True(endpoint.IsInUse, "the client may repeat its request over another connection");
        _time.Advance(TimeSpan.FromMinutes(1));
        endpoint.Sweep();
        Assert.False(endpoint.IsInUse);

        using var again = new LineClient(endpoint.EndPoint);
        Assert.Equal("ok", again.Send("{\"id\":2,\"operation\":\"echo\",\"payload\":1}\n").Answer().GetProperty("status").GetString());
        Assert.Equal(2, used);
    }

    private ServerEndpoint Open() => EndpointOfFakeServer.Open(_server, _time);
}
