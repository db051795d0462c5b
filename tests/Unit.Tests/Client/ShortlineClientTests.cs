using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.Client;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client;

public sealed class ShortlineClientTests
{
    [Fact]
    public async Task A_request_gets_its_answer()
    {
        using var gateway = FakeGateway.Echo();
        using var client = Make(gateway);

        var reply = await Send(client);

        Assert.True(reply.IsOk);
        Assert.Equal("\"hi\"", Encoding.UTF8.GetString(reply.Result.Span));
        Assert.Equal("0", reply.ServerId);
        Assert.Equal(2, reply.QueueLength);
        Assert.Equal(1, reply.TimesSent);
        Assert.Null(reply.Error);
    }

    [Fact]
    public async Task Many_requests_are_in_flight_at_once_on_one_socket()
    {
        using var gateway = FakeGateway.Echo();
        using var client = Make(gateway);
        var replies = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Send(client)));
        Assert.All(replies, reply => Assert.True(reply.IsOk, reply.Error));
    }

    [Fact]
    public async Task A_lost_datagram_is_sent_again()
    {
        using var gateway = new FakeGateway((id, times) => times < 3 ? [] : [FakeGateway.Ok(id)]);
        using var client = Make(gateway, firstRetryMs: 20);
        var reply = await Send(client);
        Assert.True(reply.IsOk, reply.Error);
        Assert.InRange(reply.TimesSent, 3, 4); // A fourth time if the answer was slow.
    }

    [Fact]
    public async Task A_rejected_request_is_tried_again()
    {
        using var gateway = new FakeGateway((id, times) =>
            times == 1 ? [$$"""{"id":{{id}},"status":"rejected","reason":"queue_full","retry_after_ms":5}"""] : [FakeGateway.Ok(id)]);
        using var client = Make(gateway);
        Assert.True((await Send(client)).IsOk);
    }

    [Fact]
    public async Task An_error_answer_keeps_its_message()
    {
        using var gateway = new FakeGateway((id, _) => [$$"""{"id":{{id}},"status":"error","error":"the \"disk\" is full"}"""]);
        using var client = Make(gateway);
        var reply = await Send(client);
        Assert.Equal(ResponseStatus.Error, reply.Status);
        Assert.Equal("the \"disk\" is full", reply.Error);
    }

    [Fact]
    public async Task Malformed_and_repeated_answers_are_ignored()
    {
        using var gateway = new FakeGateway((id, _) => ["", "garbage", "{\"id\":", FakeGateway.Ok(id), FakeGateway.Ok(id)]);
        using var client = Make(gateway);
        for (var i = 0; i < 50; i++)
            Assert.True((await Send(client)).IsOk);
    }

    [Fact]
    public async Task A_request_to_a_silent_gateway_ends_at_its_timeout()
    {
        using var gateway = new FakeGateway((_, _) => []);
        using var client = Make(gateway, firstRetryMs: 10);
        var reply = await Eventually.Completes(client.SendAsync("echo", timeoutMs: 60).AsTask(), "the request of 60 ms ends");
        Assert.Null(reply.Status);
        Assert.False(reply.IsOk);
        Assert.Contains("no answer from", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_names_a_gateway_that_is_not_there()
    {
        var gone = FakeGateway.Echo();
        var endpoint = gone.EndPoint;
        gone.Dispose();
        using var client = new ShortlineClient(new ShortlineClientOptions { Gateways = [endpoint], FirstRetryMs = 10 });
        for (var i = 0; i < 3; i++)
        {
            var reply = await Eventually.Completes(client.SendAsync("echo", timeoutMs: 50).AsTask(), "the request of 50 ms ends");
            Assert.Null(reply.Status);
            Assert.Contains($"{endpoint}", reply.Error, StringComparison.Ordinal);
            Assert.Contains("no process listens", reply.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_request_that_was_sent_before_its_gateway_started_is_answered()
    {
        var first = FakeGateway.Echo();
        var endpoint = first.EndPoint;
        first.Dispose();
        using var client = new ShortlineClient(new ShortlineClientOptions { Gateways = [endpoint], FirstRetryMs = 50, Retries = 20 });
        var waiting = client.SendAsync("echo").AsTask();
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        late.Bind(endpoint);
        var buffer = new byte[1000];
        var received = await late.ReceiveFromAsync(buffer, endpoint).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.Equal(InvalidReason.None, Parse(buffer.AsSpan(0, received.ReceivedBytes), out var id));
        await late.SendToAsync(Encoding.UTF8.GetBytes(FakeGateway.Ok(id)), received.RemoteEndPoint);
        Assert.True((await Eventually.Completes(waiting, "the request is answered")).IsOk);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Requests_go_to_the_other_gateway_while_one_is_not_there(long clientId)
    {
        var gone = FakeGateway.Echo();
        using var gateway = FakeGateway.Echo();
        using var client = new ShortlineClient(new ShortlineClientOptions { Gateways = [gone.EndPoint, gateway.EndPoint], ClientId = clientId, FirstRetryMs = 60_000 });
        Assert.Equal(1, (await Send(client)).TimesSent);
        gone.Dispose();
        for (var i = 0; i < 20; i++)
        {
            var reply = await Send(client);
            Assert.True(reply.IsOk, reply.Error);
            Assert.InRange(reply.TimesSent, 1, 2);
        }
    }

    [Fact]
    public async Task A_non_idempotent_request_is_sent_once()
    {
        var seen = 0;
        using var gateway = new FakeGateway((_, times) =>
        {
            seen = times;
            return [];
        });
        using var client = Make(gateway, firstRetryMs: 5);
        var reply = await Eventually.Completes(client.SendAsync("echo", timeoutMs: 300, idempotent: false).AsTask(), "the request of 300 ms ends");
        Assert.Null(reply.Status);
        Assert.Equal(1, reply.TimesSent);
        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task A_request_can_be_cancelled()
    {
        using var gateway = new FakeGateway((_, _) => []);
        using var client = Make(gateway);
        using var cancellation = new CancellationTokenSource();
        var waiting = client.SendAsync("echo", cancellation: cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Closing_the_client_ends_its_requests()
    {
        using var gateway = new FakeGateway((_, _) => []);
        var client = Make(gateway);
        var waiting = Send(client);
        client.Dispose();
        Assert.Null((await Eventually.Completes(waiting, "closing the client ends its request")).Status);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SendAsync("echo").AsTask());
    }

    [Fact]
    public async Task A_malformed_or_oversized_request_is_refused_at_once()
    {
        using var gateway = FakeGateway.Echo();
        using var client = Make(gateway);
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync("no spaces").AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync("echo", new byte[70_000]).AsTask());
    }

    [Fact]
    public async Task A_gateway_to_which_the_system_does_not_send_is_left_for_another_one()
    {
        using var gateway = FakeGateway.Echo();
        var nowhere = new IPEndPoint(IPAddress.Broadcast, gateway.EndPoint.Port);
        using var client = new ShortlineClient(new ShortlineClientOptions { Gateways = [nowhere, gateway.EndPoint], ClientId = 0 });

        var reply = await client.SendAsync("echo");

        Assert.True(reply.IsOk, reply.Error);
    }

    [Fact]
    public void The_client_takes_the_next_free_port_of_its_range_or_names_the_range_if_none_is_free()
    {
        using var gateway = FakeGateway.Echo();
        using var first = Make(gateway);
        var range = new ShortlineClientOptions { Gateways = [gateway.EndPoint], PortRangeStart = first.LocalPort, PortRangeEnd = first.LocalPort + 1 };

        var fault = Assert.Throws<NoFreePortException>(() => new ShortlineClient(range));
        Assert.Contains("client.port_range_start", fault.Message, StringComparison.Ordinal);

        using var second = new ShortlineClient(range with { PortRangeEnd = Math.Min(65_536, first.LocalPort + 50) });
        Assert.True(second.LocalPort > first.LocalPort);
    }

    private static ShortlineClient Make(FakeGateway gateway, int firstRetryMs = 200) =>
        new(new ShortlineClientOptions { Gateways = [gateway.EndPoint], FirstRetryMs = firstRetryMs, TimeoutMs = 9000 });

    private static Task<Reply> Send(ShortlineClient client) => Eventually.Completes(client.SendAsync("echo", "\"hi\""u8.ToArray()).AsTask(), "the request is answered");

    private static InvalidReason Parse(ReadOnlySpan<byte> datagram, out string id)
    {
        var reason = RequestParser.Parse(datagram, out var request);
        id = Encoding.UTF8.GetString(request.Id);
        return reason;
    }
}
