using System.Net;
using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway.Tcp.Text;
using Shortline.Playground.Clients;

namespace Shortline.Unit.Tests.Playground;

public sealed class ConversationTests
{
    private readonly FakeTimeProvider _time = new(Views.Start);
    private readonly Conversation _conversation;

    public ConversationTests() => _conversation = new Conversation(_time, TimeSpan.FromSeconds(1));

    [Fact]
    public void One_request_per_interval_is_followed_with_the_number_of_requests_in_it()
    {
        Assert.True(_conversation.Follows());
        Assert.Equal(1, _conversation.OneOf);
        Assert.Equal(0, Enumerable.Range(0, 99).Count(_ => _conversation.Follows()));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_conversation.Follows());
        Assert.Equal(100, _conversation.OneOf);
    }

    [Fact]
    public void Requests_that_are_far_enough_apart_are_all_followed()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.True(_conversation.Follows());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _conversation.OneOf);
    }

    [Theory]
    [InlineData(null, "127.0.0.1:40001 -> gateway  req_sv_loc, 1.5 ms")]
    [InlineData("3", "127.0.0.1:40001 -> server 3  req_sv_loc, 1.5 ms")]
    public void A_client_of_the_text_protocol_is_shown_by_its_address(string? server, string line)
    {
        for (var i = 0; i < 3; i++)
            _conversation.Add(new TextExchange(new IPEndPoint(IPAddress.Loopback, 40_001), "req_sv_loc", server, TimeSpan.FromMilliseconds(1.5)));

        Assert.Equal(line, Assert.Single(_conversation.TakeNew()).Describe(unicode: false));
    }

    [Fact]
    public void The_conversation_is_bounded_and_keeps_the_latest_lines()
    {
        for (var i = 0; i < 10_000; i++)
            _conversation.Add(ConversationKind.Request, $"{i}", 1000);

        Assert.Equal(200, _conversation.Latest(int.MaxValue).Count);
        Assert.Equal(["9998", "9999"], _conversation.Latest(2).Select(line => line.Text));
        Assert.Equal(200, _conversation.TakeNew().Count);
    }

    [Fact]
    public void A_new_line_is_taken_once()
    {
        _conversation.Add(ConversationKind.Request, "echo", 1000);
        Assert.Equal(["echo"], _conversation.TakeNew().Select(line => line.Text));
        Assert.Empty(_conversation.TakeNew());
        Assert.Single(_conversation.Latest(5));
    }

    [Fact]
    public void Requests_that_are_not_followed_allocate_nothing()
    {
        _conversation.Follows();
        _conversation.Follows();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _conversation.Follows();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(ConversationKind.Request, null, "1004 → gateway  x")]
    [InlineData(ConversationKind.Answer, "3", "gateway → server 3 → 1004  x")]
    [InlineData(ConversationKind.Failure, "3", "gateway → server 3 → 1004  x")]
    [InlineData(ConversationKind.Failure, null, "gateway → 1004  x")]
    [InlineData(ConversationKind.Fleet, null, "fleet: x")]
    public void A_line_has_sender_path_and_text(object kind, string? server, string text)
    {
        var line = Views.Line((ConversationKind)kind, "x", server: server);

        Assert.Equal(text, line.Describe(unicode: true));
        Assert.Equal(text.Replace("→", "->", StringComparison.Ordinal), line.Describe(unicode: false));
    }
}
