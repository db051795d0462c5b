using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Shortline.Client.Requests;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Client.Requests;

/// <summary>Gateways whose answers are too large for an address that has not proven itself.</summary>
public sealed class RequestChannelVerifyTests
{
    private const int FirstId = 500;
    private static readonly byte[] Tail = RequestTail.Make(7, "echo", "[]"u8, idempotent: true);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingSender _net = new() { Gateways = 2 };

    [Fact]
    public void A_request_is_repeated_with_the_token_at_once()
    {
        var channel = Make();
        Start(channel);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Verify(channel, FirstId, "abc");

        Assert.Equal([null, "abc"], _net.Tokens);
        Assert.Equal([(FirstId, 4750), (FirstId, 4650)], _net.Sent);
        Assert.Empty(_net.Ended);

        Answer(channel, FirstId, "ok");
        var (request, status) = Assert.Single(_net.Ended);
        Assert.Equal((ResponseStatus.Ok, 2), (status, request.Sent));
        Assert.Equal((0, 0), (channel.Counters.Repeated, channel.Counters.Retries));
    }

    [Fact]
    public void Later_requests_to_the_gateway_have_the_token()
    {
        var channel = Make();
        Start(channel);
        Verify(channel, FirstId, "abc");
        Start(channel);

        Assert.Equal("abc", _net.Tokens[^1]);
    }

    [Fact]
    public void Each_gateway_has_its_own_token()
    {
        var channel = Make();
        Start(channel);
        Verify(channel, FirstId, "abc");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        channel.OnRefused(0);
        channel.Sweep();
        Assert.Equal((1, null), (_net.SentTo[^1], _net.Tokens[^1]));

        Verify(channel, FirstId, "def", gateway: 1);
        Assert.Equal((1, "def"), (_net.SentTo[^1], _net.Tokens[^1]));
    }

    [Fact]
    public void A_new_token_replaces_the_old_one()
    {
        var channel = Make();
        Start(channel);
        Verify(channel, FirstId, "abc");
        Verify(channel, FirstId, "def");

        Assert.Equal([null, "abc", "def"], _net.Tokens);
    }

    [Fact]
    public void A_request_that_must_not_run_twice_is_repeated_too()
    {
        var channel = Make();
        channel.TryStart(Tail, _time.GetTimestamp(), 5000, null, once: true);
        Verify(channel, FirstId, "abc");

        Assert.Equal([null, "abc"], _net.Tokens);
    }

    [Fact]
    public void A_gateway_that_wants_a_token_again_and_again_gets_a_few_repeats()
    {
        var channel = Make(retries: 0);
        Start(channel);
        for (var i = 0; i < 20; i++)
            Verify(channel, FirstId, $"t{i}");

        Assert.Equal(4, _net.Sent.Count);
        _time.Advance(TimeSpan.FromSeconds(5));
        channel.Sweep();
        Assert.Null(Assert.Single(_net.Ended).Status);
    }

    [Fact]
    public void A_request_that_another_gateway_has_now_is_not_repeated()
    {
        var channel = Make();
        Start(channel);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        channel.OnRefused(0);
        channel.Sweep();
        Verify(channel, FirstId, "abc");

        Assert.Equal([0, 1], _net.SentTo);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void A_token_that_is_empty_or_too_long_is_not_used(string token)
    {
        var channel = Make();
        Start(channel);
        Verify(channel, FirstId, token);
        Start(channel);

        Assert.Equal([null, null], _net.Tokens);
    }

    [Fact]
    public void A_request_whose_answer_cannot_be_too_large_has_no_token()
    {
        var channel = Make();
        Start(channel);
        Verify(channel, FirstId, "abc");
        var large = RequestTail.Make(7, "echo", Encoding.UTF8.GetBytes($"\"{new string('x', 60_000)}\""), idempotent: true);
        channel.TryStart(large, _time.GetTimestamp(), 5000, null);

        Assert.Null(_net.Tokens[^1]);
    }

    [Fact]
    public void The_longest_head_with_a_token_fits_before_the_longest_tail_that_has_one()
    {
        var head = new byte[RequestParser.MaxDatagram];
        var token = new byte[GatewayTokens.MaxLength];
        token.AsSpan().Fill((byte)'t');

        Assert.True(RequestHead.Write(head, long.MaxValue, int.MaxValue, default) <= RequestHead.MaxLength);
        Assert.True(RequestHead.Write(head, long.MaxValue, int.MaxValue, token) <= RequestParser.MaxDatagram / 2);
    }

    private static void Answer(RequestChannel channel, long id, string status) =>
        channel.OnDatagram(0, Encoding.UTF8.GetBytes($$"""{"id":{{id}},"client_id":7,"status":"{{status}}"}"""));

    private static void Verify(RequestChannel channel, long id, string token, int gateway = 0) =>
        channel.OnDatagram(gateway, Encoding.UTF8.GetBytes($$"""{"id":{{id}},"client_id":7,"status":"verify","token":{{JsonSerializer.Serialize(token)}}}"""));

    private RequestChannel Make(int retries = 3) =>
        new(_net, new ChannelSettings { ClientId = 7, FirstId = FirstId, Retries = retries }, _time, new Random(1), _net);

    private void Start(RequestChannel channel) => Assert.True(channel.TryStart(Tail, _time.GetTimestamp(), 5000, null) >= 0);
}
