using Shortline.Unit.Tests.Fleet;

namespace Shortline.Unit.Tests.Gateway.Tcp;

public sealed class TcpConnectionIdleTests
{
    [Fact]
    public async Task A_connection_without_a_complete_request_is_closed_after_the_idle_timeout()
    {
        await using var fleet = await FleetHost.Start(new() { LoadBalancer = new() { IdleTimeoutMs = 100, TextIdleTimeoutMs = 100 } });
        using var silent = new LineClient(fleet.EndPoint);
        using var slow = new LineClient(fleet.EndPoint);
        slow.Send("{\"id\":");
        using var waiting = new LineClient(fleet.EndPoint);
        waiting.Send("{\"id\":\"1\",\"operation\":\"compute\",\"payload\":{\"seconds\":2.5}}\n");

        Assert.Null(silent.Line());
        Assert.Null(slow.Line());
        Assert.Equal("ok", waiting.Answer().GetProperty("status").GetString());
    }
}
