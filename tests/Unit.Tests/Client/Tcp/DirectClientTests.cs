using System.Net;
using Shortline.Client;
using Shortline.Client.Tool.Load;
using Shortline.Hosting.Settings;
using Shortline.Unit.Tests.Fleet;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client.Tcp;

/// <summary>A client that talks to servers themselves.</summary>
public sealed class DirectClientTests
{
    [Fact]
    public async Task It_asks_a_gateway_once_and_then_the_server_it_named()
    {
        using var server = FakeLineGateway.Echo("7");
        using var gateway = Locating(server.EndPoint);
        using var client = Make(gateway.EndPoint);
        for (var i = 0; i < 5; i++)
            Assert.Equal(("7", 1), await Send(client) is var reply ? (reply.ServerId, reply.TimesSent) : default);
        Assert.Single(gateway.Seen);
        Assert.Equal(5, server.Seen.Count);
    }

    [Fact]
    public async Task When_its_server_ends_it_goes_to_another_one()
    {
        var first = FakeLineGateway.Echo("1");
        using var second = FakeLineGateway.Echo("2");
        using var gateway = Locating(first.EndPoint, second.EndPoint);
        using var client = Make(gateway.EndPoint);
        Assert.Equal("1", (await Send(client)).ServerId);
        first.Dispose();
        for (var i = 0; i < 10; i++)
            Assert.Equal(("2", true), await Send(client) is var reply ? (reply.ServerId, reply.TimesSent <= 2) : default);
    }

    [Fact]
    public async Task A_server_that_drains_is_left_even_by_what_must_not_run_twice()
    {
        using var draining = new FakeLineGateway(async peer =>
        {
            while (await peer.Read() is { } id)
                await peer.Write($$"""{"id":{{id}},"status":"rejected","reason":"draining"}""" + "\n");
        });
        using var second = FakeLineGateway.Echo("2");
        using var gateway = Locating(draining.EndPoint, second.EndPoint);
        using var client = Make(gateway.EndPoint);
        Assert.Equal(("2", 2), await Send(client, idempotent: false) is var reply ? (reply.ServerId, reply.TimesSent) : default);
        Assert.Equal(("2", 1), await Send(client, idempotent: false) is var next ? (next.ServerId, next.TimesSent) : default);
    }

    [Fact]
    public async Task When_a_gateway_is_gone_another_one_says_where_servers_are()
    {
        using var server = FakeLineGateway.Echo("7");
        using var gateway = Locating(server.EndPoint);
        using var client = Make(FakeLineGateway.Nobody(), gateway.EndPoint);
        Assert.Equal(("7", 1), await Send(client) is var reply ? (reply.ServerId, reply.TimesSent) : default);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[\"127.0.0.1\",0]")]
    [InlineData("[\"nowhere\",1]")]
    [InlineData("{}")]
    public async Task What_is_no_location_is_nobody(string result)
    {
        using var gateway = new FakeLineGateway(async peer =>
        {
            while (await peer.Read() is { } id)
                await peer.Write($$"""{"id":{{id}},"status":"ok","result":{{result}}}""" + "\n");
        });
        using var client = Make(gateway.EndPoint);
        var reply = await Eventually.Completes(client.SendAsync("echo", timeoutMs: 300).AsTask(), "the end of a request of 300 ms");
        Assert.Equal((null, 0), (reply.Status, reply.TimesSent));
    }

    [Fact]
    public async Task In_a_fleet_whose_servers_are_killed_the_caller_does_not_notice()
    {
        await using var fleet = await FleetHost.Start(new ShortlineSettings { Server = new() { Count = 3, MaxCount = 3, MaxPerSilo = 3 } });
        using var client = Make(fleet.EndPoint);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(_ => KeepAsking(client, stop.Token)).ToList();
        for (var i = 0; i < 3; i++)
        {
            var server = (await Send(client)).ServerId!;
            await fleet.Controller.KillServer(server);
            await Eventually.True(async () => (await Send(client)).ServerId != server, "another server answers");
        }

        await stop.CancelAsync();
        var replies = (await Task.WhenAll(load)).SelectMany(some => some).ToList();
        Assert.All(replies, reply => Assert.True(reply.IsOk, $"{reply.Status}: {reply.Error}"));
    }

    [Theory]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Direct)]
    public async Task A_load_is_spread_over_the_servers_of_a_fleet(ClientTransport transport)
    {
        await using var fleet = await FleetHost.Start(new ShortlineSettings { Server = new() { Count = 2, MaxCount = 2 } });
        using var driver = new LoadDriver(new LoadSettings { Gateways = [fleet.EndPoint], Transport = transport, Clients = 8, Outstanding = 8, Requests = 4000 });
        var end = await Eventually.Completes(driver.RunAsync(CancellationToken.None), "4000 requests");
        Assert.True(end.AllOk, end.ToString());
        Assert.Equal(2, end.Servers.Count);
        Assert.Equal((0, 0, 0), (end.Retries, end.Unmatched, end.AnsweredTwice));
    }

    /// <summary>A gateway that names these servers in turn.</summary>
    private static FakeLineGateway Locating(params IPEndPoint[] servers)
    {
        var asked = -1;
        return new FakeLineGateway(async peer =>
        {
            while (await peer.Read() is { } id)
            {
                Assert.Equal("locate", peer.Request.GetProperty("operation").GetString());
                var server = servers[Interlocked.Increment(ref asked) % servers.Length];
                await peer.Write($$"""{"id":{{id}},"status":"ok","result":["{{server.Address}}",{{server.Port}}]}""" + "\n");
            }
        });
    }

    private static ShortlineClient Make(params IPEndPoint[] gateways) => new(new ShortlineClientOptions
    {
        Gateways = gateways,
        Transport = ClientTransport.Direct,
        ClientId = 0,
        TimeoutMs = 9000,
        FirstRetryMs = 100,
    });

    private static async Task<List<Reply>> KeepAsking(ShortlineClient client, CancellationToken stop)
    {
        List<Reply> replies = [];
        while (!stop.IsCancellationRequested)
            replies.Add(await client.SendAsync("echo", "1"u8.ToArray(), cancellation: CancellationToken.None));
        return replies;
    }

    private static Task<Reply> Send(ShortlineClient client, bool idempotent = true) =>
        Eventually.Completes(client.SendAsync("echo", "\"hi\""u8.ToArray(), idempotent: idempotent).AsTask(), "an answer");
}
