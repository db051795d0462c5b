using Microsoft.Extensions.Time.Testing;
using Shortline.Playground.Clients;

namespace Shortline.Unit.Tests.Playground;

public sealed class ConversationTests
{
    private readonly FakeTimeProvider _time = new(Views.Start);
    private readonly Conversation _conversation;

    public ConversationTests() => _conversation = new Conversation(_time, TimeSpan.FromSeconds(1));

    [Fact]
    public void Of_many_requests_one_an_interval_is_followed_and_it_says_of_how_many()
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

    [Fact]
    public void It_never_grows_beyond_its_bound_and_keeps_the_latest()
    {
        for (var i = 0; i < 10_000; i++)
            _conversation.Add(ConversationKind.Request, $"{i}", 1000);

        Assert.Equal(200, _conversation.Latest(int.MaxValue).Count);
        Assert.Equal(["9998", "9999"], _conversation.Latest(2).Select(line => line.Text));
        Assert.Equal(200, _conversation.TakeNew().Count);
    }

    [Fact]
    public void What_is_new_is_new_once()
    {
        _conversation.Add(ConversationKind.Request, "echo", 1000);
        Assert.Equal(["echo"], _conversation.TakeNew().Select(line => line.Text));
        Assert.Empty(_conversation.TakeNew());
        Assert.Single(_conversation.Latest(5));
    }

    [Fact]
    public void Not_following_costs_no_memory()
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
    public void A_line_says_who_says_what_to_whom(object kind, string? server, string said)
    {
        var line = Views.Line((ConversationKind)kind, "x", server: server);

        Assert.Equal(said, line.Describe(unicode: true));
        Assert.Equal(said.Replace("→", "->", StringComparison.Ordinal), line.Describe(unicode: false));
    }
}
