using Shortline.Unit.Tests.Fleet;

namespace Shortline.Unit.Tests.Gateway.Tcp;

public sealed class IdleConnectionTests
{
    [Fact]
    public async Task A_connection_on_which_nothing_happens_is_closed_and_half_a_line_is_nothing()
    {
        await using var fleet = await FleetHost.Start(new() { LoadBalancer = new() { IdleTimeoutMs = 100 } });
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
