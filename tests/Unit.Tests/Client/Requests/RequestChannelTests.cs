using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shortline.Client.Requests;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Client.Requests;

public sealed class RequestChannelTests
{
    private const int FirstId = 500;
    private static readonly byte[] Tail = RequestTail.Make(7, "echo", "[]"u8, idempotent: true);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingSender _net = new();

    [Fact]
    public void Requests_carry_consecutive_ids_and_their_time_left()
    {
        var channel = Make();
        Start(channel, timeoutMs: 300);
        Start(channel, timeoutMs: 400);
        // A tenth less than the timeout, so that an answer "expired" arrives before the timeout.
        Assert.Equal([(FirstId, 270), (FirstId + 1, 360)], _net.Sent);
        Assert.Equal(2, channel.InFlight);
    }

    [Fact]
    public void First_ids_of_different_runs_are_far_apart()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => ChannelSettings.RandomFirstId(new Random())).Order().ToArray();
        Assert.All(ids.Zip(ids.Skip(1)), pair => Assert.True(pair.Second - pair.First > 1000));
        Assert.All(ids, id => Assert.InRange(id, 1, 1L << 52));
    }

    [Fact]
    public void An_answer_ends_its_request()
    {
        var channel = Make();
        Start(channel);
        _time.Advance(TimeSpan.FromMilliseconds(3));
        Answer(channel, FirstId, "ok");
        var (request, status) = Assert.Single(_net.Ended);
        Assert.Equal(ResponseStatus.Ok, status);
        Assert.Equal(TimeSpan.FromMilliseconds(3), request.Elapsed);
        Assert.Equal(0, channel.InFlight);
    }

    [Fact]
    public void An_unanswered_request_is_resent_under_its_id_at_growing_intervals_with_its_time_left()
    {
        var channel = Make(retries: 3, firstRetryMs: 100);
        Start(channel, timeoutMs: 5000);
        var times = RunFor(channel, 5100);

        Assert.Equal(4, _net.Sent.Count);
        Assert.All(_net.Sent, sent => Assert.Equal(FirstId, sent.Id));
        var waits = times.Take(3).Prepend(0).Zip(times).Select(pair => pair.Second - pair.First).ToArray();
        Assert.InRange(waits[0], 50, 100);
        Assert.InRange(waits[1], 100, 200);
        Assert.InRange(waits[2], 200, 400);
        Assert.All(_net.Sent.Skip(1).Zip(times), pair => Assert.InRange(pair.First.TimeoutMs, 4749 - pair.Second, 4750 - pair.Second));
        var (request, status) = Assert.Single(_net.Ended);
        Assert.Null(status);
        Assert.Equal(4, request.Sent);
        Assert.InRange(request.Elapsed.TotalMilliseconds, 5000, 5001);
    }

    [Fact]
    public void A_request_times_out_even_if_it_has_retries_left()
    {
        var channel = Make(retries: 100, firstRetryMs: 1000);
        Start(channel, timeoutMs: 400);
        RunFor(channel, 401);
        Assert.Single(_net.Sent);
        Assert.Single(_net.Ended);
    }

    [Fact]
    public void A_rejected_request_is_sent_again_after_the_gateways_retry_delay()
    {
        var channel = Make();
        Start(channel);
        Answer(channel, FirstId, "rejected", "\"retry_after_ms\":40");
        Assert.Empty(_net.Ended);
        var sentAgain = Assert.Single(RunFor(channel, 60));
        Assert.InRange(sentAgain, 40, 51);

        Answer(channel, FirstId, "ok");
        Assert.Equal(ResponseStatus.Ok, Assert.Single(_net.Ended).Status);
    }

    [Fact]
    public void A_second_copy_of_a_rejection_changes_nothing()
    {
        var channel = Make();
        Start(channel);
        Answer(channel, FirstId, "rejected", "\"retry_after_ms\":40");
        Answer(channel, FirstId, "rejected", "\"retry_after_ms\":1");
        Assert.Empty(_net.Ended);
        Assert.Empty(RunFor(channel, 39));
        Assert.Equal(1, channel.Counters.Repeated);
    }

    [Theory]
    [InlineData(0, 40)] // No retries are left.
    [InlineData(3, 5000)] // The timeout is over by then.
    public void A_rejection_ends_the_request_if_no_retry_is_possible(int retries, int retryAfterMs)
    {
        var channel = Make(retries);
        Start(channel, timeoutMs: 1000);
        Answer(channel, FirstId, "rejected", $"\"retry_after_ms\":{retryAfterMs}");
        Assert.Equal(ResponseStatus.Rejected, Assert.Single(_net.Ended).Status);
    }

    [Theory]
    [InlineData("error")]
    [InlineData("expired")]
    [InlineData("lost")]
    [InlineData("invalid")]
    public void Any_status_but_rejected_ends_the_request(string status)
    {
        var channel = Make();
        Start(channel);
        Answer(channel, FirstId, status);
        Assert.Single(_net.Ended);
        Assert.Empty(RunFor(channel, 6000));
    }

    [Fact]
    public void The_retry_budget_limits_retries_during_an_outage()
    {
        var channel = Make(retries: 5, firstRetryMs: 10, limit: 4096);
        for (var i = 0; i < 2000; i++)
            Start(channel, timeoutMs: 900);
        RunFor(channel, 1000);

        // 20 % of 2000, and 10 for each of the ten seconds of the budget's window. Without the budget it would be 5 times 2000.
        Assert.Equal(500, channel.Counters.Retries);
        Assert.True(channel.Counters.RetriesDenied > 0);
        Assert.Equal(2000, _net.Ended.Count);
    }

    [Fact]
    public void More_answers_than_the_request_was_sent_are_counted_as_repeated()
    {
        var channel = Make();
        Start(channel);
        Answer(channel, FirstId, "ok");
        Answer(channel, FirstId, "ok");
        Assert.Single(_net.Ended);
        Assert.Equal(1, channel.Counters.Repeated);
    }

    [Fact]
    public void The_second_answer_to_a_request_that_was_sent_twice_counts_as_late()
    {
        var channel = Make(firstRetryMs: 100);
        Start(channel);
        RunFor(channel, 101);
        Answer(channel, FirstId, "ok");
        Answer(channel, FirstId, "ok");
        Assert.Equal(0, channel.Counters.Repeated);
        Assert.Equal(1, channel.Counters.Late);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{\"status\":\"invalid\",\"error\":\"x\"}")]
    [InlineData("{\"id\":\"500\",\"status\":\"ok\"}")]
    [InlineData("{\"id\":501,\"status\":\"ok\"}")]
    [InlineData("{\"id\":-9223372036854775808,\"status\":\"ok\"}")]
    [InlineData("{\"id\":500,\"client_id\":8,\"status\":\"ok\"}")]
    public void A_datagram_that_answers_no_request_is_counted_and_ignored(string datagram)
    {
        var channel = Make();
        Start(channel);
        channel.OnDatagram(0, Encoding.UTF8.GetBytes(datagram));
        Assert.Empty(_net.Ended);
        Assert.Equal(1, channel.Counters.Unmatched);
    }

    [Fact]
    public void A_slow_request_keeps_its_slot_while_later_ones_wrap_around_the_table()
    {
        var channel = Make(limit: 32);
        Start(channel, timeoutMs: 60_000);
        for (var i = 0; i < 1000; i++)
        {
            Start(channel);
            Answer(channel, _net.Sent[^1].Id, "ok");
        }

        Assert.Equal(1000, _net.Ended.Count);
        Answer(channel, FirstId, "ok");
        Assert.Equal(1001, _net.Ended.Count);
        Assert.Equal(_net.Sent.Count, _net.Sent.Distinct().Count());
    }

    [Fact]
    public void A_slow_request_times_out_even_if_later_ones_wrapped_around_the_table()
    {
        var channel = Make(retries: 0, limit: 32);
        Start(channel, timeoutMs: 100);
        for (var i = 0; i < 1000; i++)
        {
            Start(channel);
            Answer(channel, _net.Sent[^1].Id, "ok");
            if (i % 50 == 0)
                channel.Sweep();
        }

        RunFor(channel, 101);
        Assert.Equal(0, channel.InFlight);
    }

    [Fact]
    public void A_request_beyond_the_in_flight_limit_is_not_started()
    {
        var channel = Make(limit: 10);
        for (var i = 0; i < 10; i++)
            Start(channel);
        Assert.Equal(-1, channel.TryStart(Tail, 0, 1000, null));
        Assert.Equal(10, _net.Sent.Count);
    }

    [Fact]
    public void A_refused_send_is_counted_and_the_request_stays_in_flight()
    {
        _net.Outcome = SendOutcome.Refused;
        var channel = Make();
        Start(channel);
        Assert.Equal(1, channel.Counters.Refused);
        Assert.Equal(1, channel.InFlight);
    }

    [Fact]
    public void A_request_and_its_answer_allocate_nothing()
    {
        var owner = new CountingOwner();
        var channel = new RequestChannel(owner, new ChannelSettings { ClientId = 7, FirstId = FirstId }, _time, new Random(1), owner);
        var answers = Enumerable.Range(FirstId, 4000).Select(id => Encoding.UTF8.GetBytes($$"""{"id":{{id}},"client_id":7,"status":"ok","server_id":"0"}""")).ToArray();
        var next = 0;
        var allocated = Allocation.Of(() =>
        {
            for (var end = next + 1000; next < end; next++)
            {
                channel.TryStart(Tail, 0, 1000, null);
                channel.OnDatagram(0, answers[next]);
                channel.Sweep();
            }
        });

        Assert.Equal(answers.Length, owner.Ended);
        Assert.Equal(0, allocated);
    }

    private static void Answer(RequestChannel channel, long id, string status, string more = "\"server_id\":\"3\"") =>
        channel.OnDatagram(0, Encoding.UTF8.GetBytes($$"""{"id":{{id}},"client_id":7,"status":"{{status}}",{{more}}}"""));

    private RequestChannel Make(int retries = 3, int firstRetryMs = 200, int limit = 256) => new(
        _net,
        new ChannelSettings { ClientId = 7, FirstId = FirstId, Retries = retries, FirstRetryMs = firstRetryMs, InFlightLimit = limit },
        _time,
        new Random(1),
        _net);

    private void Start(RequestChannel channel, int timeoutMs = 5000) =>
        Assert.True(channel.TryStart(Tail, _time.GetTimestamp(), timeoutMs, null) >= 0);

    /// <summary>Lets time pass, with a sweep each millisecond.</summary>
    /// <returns>The milliseconds after which the channel sent a request.</returns>
    private List<int> RunFor(RequestChannel channel, int milliseconds)
    {
        List<int> times = [];
        for (var ms = 1; ms <= milliseconds; ms++)
        {
            var before = _net.Sent.Count;
            _time.Advance(TimeSpan.FromMilliseconds(1));
            channel.Sweep();
            if (_net.Sent.Count > before)
                times.Add(ms);
        }

        return times;
    }

    private sealed class CountingOwner : IRequestSender, IRequestOwner
    {
        public int Ended { get; private set; }

        public int Gateways => 1;

        public bool HasConnections => false;

        public long Connection(int gateway) => 0;

        public void Probe(int gateway, long connection)
        {
        }

        public bool HasHeard(int gateway, long connection, long since) => false;

        public void Leave(int gateway, long connection)
        {
        }

        public SendOutcome Send(int gateway, long connection, ReadOnlySpan<byte> request) => SendOutcome.Sent;

        public void OnEnded(in EndedRequest request, in ResponseView response) => Ended++;
    }
}
