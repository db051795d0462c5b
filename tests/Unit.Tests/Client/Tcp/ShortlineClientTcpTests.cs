using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shortline.Client;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client.Tcp;

/// <summary>A client with the TCP transport: gateways answer, break connections, are slow, silent or gone.</summary>
public sealed class ShortlineClientTcpTests
{
    [Fact]
    public async Task A_request_gets_its_answer()
    {
        using var gateway = FakeLineGateway.Echo();
        using var client = Make(gateway.EndPoint);
        var reply = await Send(client);
        Assert.True(reply.IsOk, reply.Error);
        Assert.Equal("\"hi\"", Encoding.UTF8.GetString(reply.Result.Span));
        Assert.Equal(("0", 1), (reply.ServerId, reply.TimesSent));
    }

    [Fact]
    public async Task Many_requests_are_in_flight_at_once_on_one_connection()
    {
        using var gateway = FakeLineGateway.Echo();
        using var client = new ShortlineClient(Options(gateway.EndPoint) with { FirstRetryMs = 60_000 });
        var replies = await Task.WhenAll(Enumerable.Range(0, 3000).Select(_ => Send(client)));
        Assert.All(replies, reply => Assert.True(reply.IsOk && reply.TimesSent == 1, reply.Error));
        Assert.Equal(1, gateway.Connections);
    }

    [Fact]
    public async Task Answers_reach_their_requests_in_any_order_and_however_the_stream_is_split()
    {
        const int Count = 50;
        using var gateway = new FakeLineGateway(async peer =>
        {
            var ids = new List<string>();
            while (ids.Count < Count && await peer.Read() is { } id)
                ids.Add(id);
            ids.Reverse();
            var random = new Random(1);
            var answers = Encoding.UTF8.GetBytes(string.Concat(ids.Select(id => $$"""{"id":{{id}},"status":"ok","result":{{id}}}""" + (random.Next(2) == 0 ? "\n" : "\r\n\n"))));
            for (var at = 0; at < answers.Length;)
            {
                var next = Math.Min(answers.Length, at + random.Next(1, 90));
                await peer.Write(answers.AsMemory(at, next - at));
                await Task.Yield();
                at = next;
            }

            await peer.Read();
        });
        using var client = Make(gateway.EndPoint);
        var replies = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Send(client)));
        Assert.Equal(gateway.Seen.Order(StringComparer.Ordinal), replies.Select(reply => Encoding.UTF8.GetString(reply.Result.Span)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Requests_on_a_reset_connection_go_to_another_gateway_at_once()
    {
        using var broken = new FakeLineGateway(async peer =>
        {
            await peer.Read();
            peer.Reset();
        });
        using var gateway = FakeLineGateway.Echo("1");
        using var client = Make(broken.EndPoint, gateway.EndPoint);
        var reply = await Send(client);
        Assert.True(reply.IsOk, reply.Error);
        Assert.Equal(("1", 2), (reply.ServerId, reply.TimesSent));
        Assert.Equal(gateway.Seen, broken.Seen);
    }

    [Fact]
    public async Task The_next_request_reopens_a_closed_connection()
    {
        using var gateway = new FakeLineGateway(async peer => await peer.Write(FakeGateway.Ok(await peer.Read() ?? "0") + "\n"));
        using var client = Make(gateway.EndPoint);
        for (var i = 1; i <= 5; i++)
        {
            var reply = await Send(client);
            Assert.True(reply.IsOk, reply.Error);
        }

        Assert.InRange(gateway.Connections, 5, 10); // More if a request was sent on a connection that was just closing.
    }

    [Fact]
    public async Task A_non_idempotent_request_is_lost_with_its_connection()
    {
        using var broken = new FakeLineGateway(async peer =>
        {
            await peer.Read();
            peer.Reset();
        });
        using var gateway = FakeLineGateway.Echo();
        using var client = Make(broken.EndPoint, gateway.EndPoint);
        var reply = await Send(client, idempotent: false);
        Assert.Equal((ResponseStatus.Lost, 1), (reply.Status, reply.TimesSent));
        Assert.Equal("the connection broke before the answer came", reply.Error);
        Assert.Empty(gateway.Seen);
    }

    [Fact]
    public async Task A_non_idempotent_request_that_was_never_sent_goes_to_another_gateway()
    {
        using var gateway = FakeLineGateway.Echo();
        using var unused = new UnusedEndPoint();
        using var client = Make(unused.EndPoint, gateway.EndPoint);
        var replies = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Send(client, idempotent: false)));
        Assert.All(replies, reply => Assert.True(reply.IsOk && reply.TimesSent == 1, reply.Error));
        Assert.Equal(300, gateway.Seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_request_refused_for_too_many_connections_goes_to_another_gateway()
    {
        using var full = new FakeLineGateway(async peer =>
        {
            await peer.Read();
            await peer.Write("{\"status\":\"rejected\",\"reason\":\"too many connections\",\"retry_after_ms\":1000}\n");
        });
        using var gateway = FakeLineGateway.Echo("1");
        using var client = Make(full.EndPoint, gateway.EndPoint);
        var reply = await Send(client, idempotent: false);
        Assert.True(reply.IsOk, reply.Error);
        Assert.Equal(("1", 1), (reply.ServerId, reply.TimesSent));
    }

    [Fact]
    public async Task A_request_that_a_leaving_gateway_has_not_read_goes_to_another_gateway_even_if_it_must_not_run_twice()
    {
        using var leaving = new FakeLineGateway(async peer =>
        {
            await peer.Write(FakeGateway.Ok((await peer.Read())!) + "\n");
            await peer.Read();
            await peer.Write("{\"status\":\"rejected\",\"reason\":\"connection_closing\"}\n");
        });
        using var gateway = FakeLineGateway.Echo("1");
        using var client = Make(leaving.EndPoint, gateway.EndPoint);
        Assert.True((await Send(client, idempotent: false)).IsOk);
        var reply = await Send(client, idempotent: false);
        Assert.True(reply.IsOk, reply.Error);
        Assert.Equal(("1", 1), (reply.ServerId, reply.TimesSent));
    }

    [Fact]
    public async Task A_slow_gateway_that_answers_probes_gets_each_request_once()
    {
        using var answer = new SemaphoreSlim(0);
        using var slow = new FakeLineGateway(async peer =>
        {
            var id = await peer.Read();
            var next = peer.Read(); // This read answers probes.
            await answer.WaitAsync();
            await peer.Write(FakeGateway.Ok(id!) + "\n");
            await next;
        });
        using var other = FakeLineGateway.Echo();
        var time = new FakeTimeProvider();
        using var client = Make(time, slow.EndPoint, other.EndPoint);
        var waiting = Send(client);
        await Eventually.True(() => slow.Seen.Count == 1, "the gateway received the request");
        for (var i = 0; i < 40; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        answer.Release();
        var reply = await Eventually.Completes(waiting, "the request is answered");
        Assert.True(reply.IsOk, reply.Error);
    }

    [Fact]
    public async Task A_silent_gateway_is_left_for_another_one()
    {
        using var silent = new FakeLineGateway(async peer =>
        {
            await peer.Read();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        });
        using var gateway = FakeLineGateway.Echo("1");
        using var client = Make(silent.EndPoint, gateway.EndPoint);
        var reply = await Send(client);
        Assert.True(reply.IsOk, reply.Error);
        Assert.Equal(("1", 2), (reply.ServerId, reply.TimesSent));
        Assert.Equal(("1", 1), await Send(client) is var next ? (next.ServerId, next.TimesSent) : default);
    }

    [Fact]
    public async Task Nothing_is_sent_on_a_connection_that_only_the_system_of_the_peer_accepted()
    {
        using var stopped = new FakeLineGateway(peer => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None));
        using var ending = new FakeLineGateway(peer =>
        {
            peer.Reset();
            return Task.CompletedTask;
        });
        using var gateway = FakeLineGateway.Echo("1");
        using var client = Make(stopped.EndPoint, ending.EndPoint, gateway.EndPoint);
        for (var i = 0; i < 10; i++)
        {
            var reply = await Send(client, idempotent: false);
            Assert.True(reply.IsOk, reply.Error);
            Assert.Equal(("1", 1), (reply.ServerId, reply.TimesSent));
        }
    }

    [Theory]
    [InlineData("no JSON\n")]
    [InlineData("{\"status\":\"ok\"}\n{}\n\u0001\n")]
    [InlineData("long")]
    public async Task A_malformed_line_answers_no_request(string garbage)
    {
        using var mad = new FakeLineGateway(async peer =>
        {
            while (await peer.Read() is not null)
                await peer.Write(garbage == "long" ? new string('x', 70_000) : garbage);
        });
        using var gateway = FakeLineGateway.Echo("1");
        using var client = new ShortlineClient(Options(mad.EndPoint, gateway.EndPoint) with { TimeoutMs = 1500, FirstRetryMs = 20 });
        var reply = await Send(client);
        Assert.True(garbage != "long" ? reply.Status is null : reply is { IsOk: true, ServerId: "1" }, reply.Error);
    }

    [Fact]
    public async Task A_gateway_that_does_not_read_holds_a_bounded_number_of_requests()
    {
        using var stuck = new FakeLineGateway(peer => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None));
        using var gateway = FakeLineGateway.Echo("1");
        using var client = Make(stuck.EndPoint, gateway.EndPoint);
        var large = Encoding.UTF8.GetBytes($"\"{new string('x', 60_000)}\"");
        var replies = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => client.SendAsync("echo", large, timeoutMs: 9000).AsTask()));

        // Requests that did not fit into the connection's buffers were never sent to the stuck gateway. The others are retried within the
        // budget.
        Assert.True(replies.Count(reply => reply is { IsOk: true, TimesSent: 1 }) > 100, $"{replies.Count(reply => reply.IsOk)} ok");
    }

    [Fact]
    public async Task The_error_names_a_gateway_that_is_not_there()
    {
        using var unused = new UnusedEndPoint();
        using var client = Make(unused.EndPoint);
        var reply = await client.SendAsync("echo", timeoutMs: 100);
        Assert.Null(reply.Status);
        Assert.Equal(0, reply.TimesSent);
        Assert.Contains($"{unused.EndPoint}", reply.Error, StringComparison.Ordinal);
        Assert.Contains("no process listens", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_was_made_before_its_gateway_started_is_answered()
    {
        using var unused = new UnusedEndPoint();
        using var client = Make(unused.EndPoint);
        var waiting = Send(client, idempotent: false);
        unused.Dispose();
        using var gateway = FakeLineGateway.Echo(at: unused.EndPoint);
        var reply = await waiting;
        Assert.True(reply.IsOk, reply.Error);
        Assert.Equal(1, reply.TimesSent);
    }

    [Fact]
    public async Task Closing_the_client_ends_its_requests_and_closes_its_connection()
    {
        using var closed = new SemaphoreSlim(0);
        using var gateway = new FakeLineGateway(async peer =>
        {
            try
            {
                while (await peer.Read() is not null)
                {
                }
            }
            finally
            {
                closed.Release();
            }
        });
        var client = Make(gateway.EndPoint);
        var waiting = Send(client);
        await Eventually.True(() => gateway.Seen.Count == 1, "the gateway received the request");
        client.Dispose();
        Assert.Null((await waiting).Status);
        await Eventually.Completes(closed.WaitAsync(), "the connection is closed");
    }

    private static ShortlineClientOptions Options(params IPEndPoint[] gateways) =>
        new() { Gateways = gateways, Transport = ClientTransport.Tcp, ClientId = 0, TimeoutMs = 9000, FirstRetryMs = 100 };

    private static ShortlineClient Make(params IPEndPoint[] gateways) => new(Options(gateways));

    private static ShortlineClient Make(TimeProvider time, params IPEndPoint[] gateways) => new(Options(gateways), time);

    private static Task<Reply> Send(ShortlineClient client, bool idempotent = true) =>
        Eventually.Completes(client.SendAsync("echo", "\"hi\""u8.ToArray(), idempotent: idempotent).AsTask(), "the request is answered");
}
