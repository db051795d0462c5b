using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shortline.Client.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Client.Requests;

/// <summary>A channel with several gateways of which one is silent, gone or stopping.</summary>
public sealed class RequestChannelFailoverTests
{
    private const int FirstId = 500;
    private static readonly byte[] Tail = RequestTail.Make(7, "echo", "[]"u8, idempotent: true);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingSender _net = new() { Gateways = 2 };

    [Fact]
    public void Unanswered_and_new_requests_go_to_the_next_gateway()
    {
        var channel = Make();
        Start(channel);
        RunFor(channel, 101);
        Start(channel);
        Assert.Equal([0, 1, 1], _net.SentTo);
    }

    [Fact]
    public void A_retry_goes_to_the_same_gateway_if_that_answers_other_requests()
    {
        var channel = Make();
        Start(channel);
        for (var ms = 0; ms < 101; ms += 10)
        {
            Start(channel);
            Answer(channel, 0, _net.Sent[^1].Id, "ok");
            RunFor(channel, 10);
        }

        Assert.Equal(2, _net.Sent.Count(sent => sent.Id == FirstId));
        Assert.DoesNotContain(1, _net.SentTo);
    }

    [Fact]
    public void Requests_in_flight_go_to_the_next_gateway_at_once_after_a_refusal()
    {
        var channel = Make();
        Start(channel);
        Start(channel);
        Refuse(channel, 0);
        channel.Sweep();
        Start(channel);
        Assert.Equal([0, 0, 1, 1, 1], _net.SentTo);
        Assert.Equal(2, channel.Counters.Retries);
        Assert.Equal(1, channel.Counters.Refused);
    }

    [Fact]
    public void Requests_keep_their_retries_for_later_when_all_gateways_refuse()
    {
        var channel = Make();
        Start(channel);
        Refuse(channel, 0);
        channel.Sweep();
        Refuse(channel, 1);
        channel.Sweep();
        Assert.Equal([0, 1], _net.SentTo);
        RunFor(channel, 201);
        Assert.Equal([0, 1, 0], _net.SentTo);
    }

    [Fact]
    public void Retries_after_a_refusal_stay_within_the_budget()
    {
        var channel = Make(limit: 4096);
        for (var i = 0; i < 2000; i++)
            Start(channel);
        Refuse(channel, 0);
        channel.Sweep();
        Assert.Equal(500, channel.Counters.Retries);
        Assert.Equal(1500, channel.Counters.RetriesDenied);
        channel.Sweep();
        Assert.Equal(1500, channel.Counters.RetriesDenied);
    }

    [Fact]
    public void A_request_sent_to_two_gateways_takes_the_first_answer_and_counts_the_second_as_late()
    {
        var channel = Make();
        Start(channel);
        RunFor(channel, 101);
        Answer(channel, 0, FirstId, "ok");
        Answer(channel, 1, FirstId, "ok");
        Assert.Equal(ResponseStatus.Ok, Assert.Single(_net.Ended).Status);
        Assert.Equal((0, 1), (channel.Counters.Repeated, channel.Counters.Late));
        Answer(channel, 1, FirstId, "ok");
        Assert.Equal(1, channel.Counters.Repeated);
    }

    [Fact]
    public void New_requests_return_to_the_clients_own_gateway_when_it_answers_again()
    {
        var channel = Make();
        Start(channel);
        RunFor(channel, 101);
        Answer(channel, 0, FirstId, "ok");
        Start(channel);
        Assert.Equal([0, 1, 0], _net.SentTo);
    }

    [Fact]
    public void Some_requests_try_the_clients_own_gateway_until_it_answers_again()
    {
        var channel = Make();
        Start(channel);
        RunFor(channel, 101);
        Answer(channel, 1, FirstId, "ok");
        _net.SentTo.Clear();
        for (var i = 0; i < 12; i++)
        {
            Start(channel, timeoutMs: 60_000);
            if (_net.SentTo[^1] == 1)
                Answer(channel, 1, _net.Sent[^1].Id, "ok");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _net.SentTo.Count(gateway => gateway == 0));
        Answer(channel, 0, _net.Sent[_net.SentTo.LastIndexOf(0) + 2].Id, "ok");
        Start(channel);
        Assert.Equal(0, _net.SentTo[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void New_requests_avoid_a_silent_gateway_even_if_they_may_not_be_retried(bool once)
    {
        var channel = Make(retries: once ? 3 : 0);
        Start(channel, once: once);
        RunFor(channel, 101);
        for (var i = 0; i < 10; i++)
        {
            Start(channel, once: once);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, .. Enumerable.Repeat(1, 10)], _net.SentTo);
    }

    [Fact]
    public void A_non_idempotent_request_is_sent_once()
    {
        var channel = Make();
        Start(channel, timeoutMs: 2000, once: true);
        RunFor(channel, 300);
        Refuse(channel, 0);
        Refuse(channel, 1);
        RunFor(channel, 1701);
        Assert.Single(_net.Sent);
        Assert.Null(Assert.Single(_net.Ended).Status);
        Assert.Equal(0, channel.Counters.Retries);
    }

    [Fact]
    public void A_rejected_non_idempotent_request_is_sent_again_because_it_has_not_run()
    {
        var channel = Make();
        Start(channel, once: true);
        Answer(channel, 0, FirstId, "rejected", "\"retry_after_ms\":40");
        RunFor(channel, 3000);
        Assert.Equal([0, 1], _net.SentTo);
        Answer(channel, 1, FirstId, "ok");
        Assert.Equal(ResponseStatus.Ok, Assert.Single(_net.Ended).Status);
    }

    [Fact]
    public void A_stopping_gateway_is_left_at_once()
    {
        var channel = Make();
        Start(channel);
        Answer(channel, 0, FirstId, "rejected", "\"reason\":\"gateway_stopping\"");
        channel.Sweep();
        Start(channel);
        Assert.Equal([0, 1, 1], _net.SentTo);
    }

    [Fact]
    public void A_late_rejection_by_one_gateway_does_not_take_a_request_from_another()
    {
        var channel = Make();
        Start(channel);
        RunFor(channel, 101);
        Answer(channel, 0, FirstId, "rejected", "\"retry_after_ms\":1");
        Assert.Empty(RunFor(channel, 50));
        Answer(channel, 1, FirstId, "ok");
        Assert.Equal(ResponseStatus.Ok, Assert.Single(_net.Ended).Status);
    }

    [Fact]
    public void A_refusal_by_the_only_gateway_sends_nothing_again()
    {
        var net = new RecordingSender();
        var channel = new RequestChannel(net, new ChannelSettings { ClientId = 7, FirstId = FirstId }, _time, new Random(1), net);
        Start(channel);
        Refuse(channel, 0);
        channel.Sweep();
        Assert.Single(net.Sent);
    }

    private static void Answer(RequestChannel channel, int gateway, long id, string status, string more = "\"server_id\":\"3\"") =>
        channel.OnDatagram(gateway, Encoding.UTF8.GetBytes($$"""{"id":{{id}},"client_id":7,"status":"{{status}}",{{more}}}"""));

    private void Refuse(RequestChannel channel, int gateway)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        channel.OnRefused(gateway);
    }

    private RequestChannel Make(int retries = 3, int limit = 256) => new(
        _net,
        new ChannelSettings { ClientId = 7, FirstId = FirstId, Retries = retries, FirstRetryMs = 100, InFlightLimit = limit },
        _time,
        new Random(1),
        _net);

    private void Start(RequestChannel channel, int timeoutMs = 5000, bool once = false) =>
        Assert.True(channel.TryStart(Tail, _time.GetTimestamp(), timeoutMs, null, once) >= 0);

    /// <summary>Lets time pass, with a sweep each millisecond.</summary>
    /// <returns>The requests that were sent meanwhile.</returns>
    private List<(long Id, int TimeoutMs)> RunFor(RequestChannel channel, int milliseconds)
    {
        var before = _net.Sent.Count;
        for (var ms = 1; ms <= milliseconds; ms++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            channel.Sweep();
        }

        return _net.Sent[before..];
    }
}
