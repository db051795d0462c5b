using System.Collections.Concurrent;
using System.Net;
using Shortline.Client;
using Shortline.Client.Tool.Load;
using Shortline.Hosting.Settings;
using Shortline.Unit.Tests.Fleet;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client.Tcp;

/// <summary>A client with the direct transport: a gateway names a server, and the client sends its requests to that server.</summary>
public sealed class ShortlineClientDirectTests
{
    [Fact]
    public async Task The_client_asks_a_gateway_once_and_then_uses_the_named_server()
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
    public async Task The_client_asks_for_another_server_when_its_server_ends()
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
    public async Task Even_non_idempotent_requests_leave_a_draining_server()
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
    public async Task The_client_asks_the_next_gateway_when_one_is_gone()
    {
        using var server = FakeLineGateway.Echo("7");
        using var gateway = Locating(server.EndPoint);
        using var unused = new UnusedEndPoint();
        using var client = Make(unused.EndPoint, gateway.EndPoint);
        Assert.Equal(("7", 1), await Send(client) is var reply ? (reply.ServerId, reply.TimesSent) : default);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[\"127.0.0.1\",0]")]
    [InlineData("[\"nowhere\",1]")]
    [InlineData("{}")]
    public async Task A_malformed_location_ends_the_request_without_a_send(string result)
    {
        using var gateway = new FakeLineGateway(async peer =>
        {
            while (await peer.Read() is { } id)
                await peer.Write($$"""{"id":{{id}},"status":"ok","result":{{result}}}""" + "\n");
        });
        using var client = Make(gateway.EndPoint);
        var reply = await Eventually.Completes(client.SendAsync("echo", timeoutMs: 300).AsTask(), "the request of 300 ms ends");
        Assert.Equal((null, 0), (reply.Status, reply.TimesSent));
    }

    [Fact]
    public async Task Every_request_succeeds_while_servers_are_killed()
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
    public async Task Load_is_spread_over_the_servers_of_a_fleet(ClientTransport transport)
    {
        await using var fleet = await FleetHost.Start(new ShortlineSettings { Server = new() { Count = 2, MaxCount = 2 } });
        using var driver = new LoadDriver(new LoadSettings { Gateways = [fleet.EndPoint], Transport = transport, Clients = 8, Outstanding = 8, Requests = 4000 });
        var end = await Eventually.Completes(driver.RunAsync(CancellationToken.None), "the run of 4000 requests ends");
        Assert.True(end.AllOk, end.ToString());
        Assert.Equal(2, end.Servers.Count);
        Assert.Equal((0, 0, 0), (end.Retries, end.Unmatched, end.AnsweredTwice));
    }

    /// <summary>A gateway that names one of these servers after the other.</summary>
    /// <summary>
    /// A gateway that names one server after the other. A request that a busy machine makes the client repeat gets the same answer again.
    /// </summary>
    private static FakeLineGateway Locating(params IPEndPoint[] servers)
    {
        var asked = -1;
        var named = new ConcurrentDictionary<string, IPEndPoint>(StringComparer.Ordinal);
        return new FakeLineGateway(async peer =>
        {
            while (await peer.Read() is { } id)
            {
                Assert.Equal("locate", peer.Request.GetProperty("operation").GetString());
                var server = named.GetOrAdd(id, _ => servers[Interlocked.Increment(ref asked) % servers.Length]);
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
        Eventually.Completes(client.SendAsync("echo", "\"hi\""u8.ToArray(), idempotent: idempotent).AsTask(), "the request is answered");
}
