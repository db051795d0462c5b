using Microsoft.Extensions.DependencyInjection;
using Shortline.Gateway;
using Shortline.Unit.Tests.Fleet;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Gateway.Tcp;

/// <summary>A gateway that stops tells its connections which requests have not run.</summary>
public sealed class TcpGoodbyeTests
{
    private const string Goodbye = "{\"status\":\"rejected\",\"reason\":\"connection_closing\"}";

    [Fact]
    public async Task A_stopping_gateway_answers_what_it_has_read_and_then_says_goodbye()
    {
        await using var fleet = await FleetHost.Start(new());
        var gateway = fleet.Services.GetRequiredService<GatewayService>();
        using var idle = new LineClient(fleet.EndPoint);
        idle.Send("{\"id\":\"0\",\"operation\":\"echo\"}\n").Answer();
        using var busy = new LineClient(fleet.EndPoint);
        busy.Send("{\"id\":\"1\",\"operation\":\"compute\",\"payload\":{\"seconds\":0.3}}\n{\"id\":\"2\",\"oper");
        await Eventually.True(() => gateway.Dispatcher!.InFlight == 1, "the gateway has read the request");

        var stop = gateway.StopAsync(CancellationToken.None);

        var answer = busy.Answer();
        Assert.Equal(("1", "ok"), (answer.GetProperty("id").GetString(), answer.GetProperty("status").GetString()));
        Assert.Equal((Goodbye, null), (busy.Line(), busy.Line()));
        Assert.Equal((Goodbye, null), (idle.Line(), idle.Line()));
        busy.Dispose();
        idle.Dispose();
        await Eventually.Completes(stop, "the gateway stops when its clients have closed their connections");
    }

    [Fact]
    public async Task A_connection_that_has_sent_nothing_ends_without_a_line()
    {
        await using var fleet = await FleetHost.Start(new());
        using var silent = new LineClient(fleet.EndPoint);
        using var json = new LineClient(fleet.EndPoint);
        json.Send("{\"id\":\"0\",\"operation\":\"echo\"}\n").Answer();

        var stop = fleet.Services.GetRequiredService<GatewayService>().StopAsync(CancellationToken.None);

        Assert.Null(silent.Line());
        Assert.Equal(Goodbye, json.Line());
        json.Dispose();
        await Eventually.Completes(stop, "the gateway stops");
    }
}
