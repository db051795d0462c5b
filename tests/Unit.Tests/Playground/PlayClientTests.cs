using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Client;
using Shortline.Client.Tool.Load;
using Shortline.Playground.Clients;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Playground;

public sealed class PlayClientTests : IDisposable
{
    private readonly TimerCountingTimeProvider _time = new(Views.Start);
    private readonly LoadControl _control = new(clients: 2) { Rate = 20, Started = true };
    private readonly LoadTally _tally = new();
    private readonly Conversation _conversation;
    private readonly PlayClient _client;
    private readonly List<string> _sent = [];
    private Func<ValueTask<Reply>> _answer = () => ValueTask.FromResult(Ok());

    public PlayClientTests()
    {
        _control.Use([new PlayRequest("echo", default, "echo hello")]);
        _conversation = new Conversation(_time, TimeSpan.FromHours(1));
        _client = new PlayClient(1004, _control, _tally, _conversation, Send, _time, NullLogger.Instance);
        _client.Run();
    }

    public void Dispose() => _client.Dispose();

    [Fact]
    public void The_client_makes_requests_at_its_share_of_the_rate()
    {
        Run(seconds: 10);

        Assert.InRange(_sent.Count, 99, 100);
        Assert.Equal(_sent.Count, Progress.Of(ResponseStatus.Ok));
    }

    [Fact]
    public void The_client_does_not_wait_for_answers()
    {
        _answer = () => new ValueTask<Reply>(new TaskCompletionSource<Reply>().Task);

        Run(seconds: 1);

        Assert.InRange(_client.Row.InFlight, 9, 10);
    }

    [Fact]
    public void A_raised_rate_takes_effect_at_once()
    {
        _control.Rate = 0.02;
        _client.Run();
        Run(seconds: 1);
        _sent.Clear();

        _control.Rate = 200;
        _client.Run();
        Run(seconds: 1);

        Assert.InRange(_sent.Count, 98, 101);
    }

    [Fact]
    public void A_client_in_manual_mode_makes_no_request_by_itself_and_needs_no_timer()
    {
        _client.ByHand = true;
        Assert.Equal(0, _time.PendingTimers);
        Run(seconds: 10);
        Assert.Empty(_sent);

        _client.ByHand = false;
        Run(seconds: 1);
        Assert.InRange(_sent.Count, 9, 10);
    }

    [Fact]
    public void Requests_that_were_due_during_a_pause_are_not_made_up_for()
    {
        _control.Paused = true;
        _client.Run();
        Run(seconds: 100);
        _control.Paused = false;
        _client.Run();
        Run(seconds: 1);

        Assert.InRange(_sent.Count, 9, 10);
    }

    [Fact]
    public async Task A_manual_request_returns_its_answer_and_is_always_in_the_conversation()
    {
        _client.ByHand = true;
        _conversation.Follows();

        var answer = await _client.Send(new PlayRequest("echo", default, "echo hi"));

        Assert.Equal("server 3: ok, 2.00 ms  \"hi\"", answer);
        Assert.Equal(
            ["1004 → gateway  echo hi", "gateway → server 3 → 1004  ok, 2.00 ms"],
            _conversation.Latest(9).Select(line => line.Describe(unicode: true)));
        Assert.Equal(("echo hi", "server 3: ok, 2.00 ms", 1, true), (_client.Row.Request, _client.Row.Answer, _client.Row.Ended, _client.Row.ByHand));
        Assert.Equal(TimeSpan.FromMilliseconds(2), _client.Row.Mean);
    }

    [Fact]
    public void A_manual_request_stays_in_flight_until_it_is_answered()
    {
        _client.ByHand = true;
        _answer = () => new ValueTask<Reply>(new TaskCompletionSource<Reply>().Task);

        _ = _client.Send(new PlayRequest("compute", default, "compute 5"));

        Assert.Equal(("compute 5", "", 1), (_client.Row.Request, _client.Row.Answer, _client.Row.InFlight));
    }

    [Fact]
    public async Task Each_outcome_of_a_request_is_counted_once()
    {
        _client.ByHand = true;
        foreach (var reply in (Reply[])
            [
                Ok() with { TimesSent = 3 },
                new Reply { Status = ResponseStatus.Rejected, Error = "full", TimesSent = 1 },
                new Reply { TimesSent = 4 },
                new Reply { Error = "not sent" },
            ])
        {
            _answer = () => ValueTask.FromResult(reply);
            await _client.Send(new PlayRequest("echo", default, "echo"));
        }

        _answer = () => throw new ObjectDisposedException("client");
        await _client.Send(new PlayRequest("echo", default, "echo"));

        var progress = Progress;
        Assert.Equal((5, 1, 1, 1, 2, 5), (progress.Started, progress.Of(ResponseStatus.Ok), progress.Of(ResponseStatus.Rejected), progress.NoAnswer, progress.NotSent, progress.Retries));
        Assert.Equal((0, "rejected: full", 1), (progress.InFlight, progress.FirstError, progress.Servers["3"]));
    }

    private LoadProgress Progress
    {
        get
        {
            var sum = new LoadTallySum();
            _tally.AddTo(sum);
            return sum.ToProgress(TimeSpan.FromSeconds(1));
        }
    }

    private static Reply Ok() => new()
    {
        Status = ResponseStatus.Ok,
        ServerId = "3",
        Result = "\"hi\""u8.ToArray(),
        Elapsed = TimeSpan.FromMilliseconds(2),
        TimesSent = 1,
    };

    private ValueTask<Reply> Send(PlayRequest request)
    {
        _sent.Add(request.Text);
        return _answer();
    }

    // Advances in steps of 1 ms: a callback of FakeTimeProvider sees the time at the end of the step, so after a long step the client would
    // seem to be far behind.
    private void Run(int seconds)
    {
        for (var i = 0; i < seconds * 1000; i++)
            _time.Advance(TimeSpan.FromMilliseconds(1));
    }
}
