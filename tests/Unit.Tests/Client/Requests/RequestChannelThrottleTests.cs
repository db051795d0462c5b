using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Shortline.Client.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Client.Requests;

/// <summary>How a channel behaves towards servers that refuse: it throttles itself, waits, and keeps its retry budget.</summary>
public sealed class RequestChannelThrottleTests
{
    private const int FirstId = 500;
    private const int FarOff = 3_000_000;
    private static readonly byte[] Tail = RequestTail.Make(7, "echo", "[]"u8, idempotent: true);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingSender _net = new();

    [Fact]
    public void Most_requests_are_not_sent_while_all_are_refused()
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 0 });
        var throttled = Exchange(channel, 1000, "rejected", "\"reason\":\"overloaded\"");

        Assert.InRange(throttled, 850, 950); // Nine in ten of those after the first ten.
        Assert.Equal(throttled, channel.Counters.Throttled);
        Assert.Equal(1000 - throttled, channel.Counters.Requests);
        Assert.Equal(1000 - throttled, channel.Counters.Overloads);
        Assert.Equal(1000 - throttled, _net.Sent.Count);
        Assert.Equal(1000 - throttled, _net.Ended.Count);
        Assert.Equal(AdaptiveThrottle.MaxProbability, channel.Counters.ThrottleProbability);
    }

    [Fact]
    public void All_requests_are_sent_again_after_the_window()
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 0 });
        Exchange(channel, 1000, "rejected", "\"reason\":\"queue_full\"");
        _time.Advance(TimeSpan.FromMilliseconds(new ChannelSettings { FirstId = FirstId }.ThrottleWindowMs));

        Assert.Equal(0, Exchange(channel, 1000, "ok"));
        Assert.Equal(0, channel.Counters.ThrottleProbability);
    }

    [Fact]
    public void All_requests_are_sent_if_throttling_is_off()
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 0, Throttle = false });

        Assert.Equal(0, Exchange(channel, 1000, "rejected", "\"reason\":\"overloaded\""));
        Assert.Equal(1000, channel.Counters.Overloads);
        Assert.Equal(0, channel.Counters.ThrottleProbability);
    }

    [Theory]
    [InlineData("error", "\"error\":\"no\"")]
    [InlineData("expired", "\"server_id\":\"3\"")]
    [InlineData("lost", "\"error\":\"gone\"")]
    [InlineData("invalid", "\"error\":\"no such operation\"")]
    [InlineData("rejected", "\"reason\":\"no_server\"")]
    [InlineData("rejected", "\"reason\":\"draining\"")]
    [InlineData("rejected", "\"reason\":\"gateway_stopping\"")]
    public void Failures_other_than_overload_throttle_nothing(string status, string more)
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 0 });

        Assert.Equal(0, Exchange(channel, 1000, status, more));
        Assert.Equal(0, channel.Counters.Overloads);
    }

    [Fact]
    public void Requests_without_a_response_throttle_nothing()
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 0 });
        for (var i = 0; i < 100; i++)
        {
            Assert.True(channel.TryStart(Tail, 0, timeoutMs: 5, null) >= 0);
            RunFor(channel, 6);
        }

        Assert.Equal(0, channel.Counters.Throttled);
    }

    [Fact]
    public void Other_priorities_and_exempted_requests_are_sent()
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 0 });
        Exchange(channel, 1000, "rejected", "\"reason\":\"overloaded\"");

        for (var i = 0; i < 100; i++)
        {
            Assert.True(channel.TryStart(Tail, 0, 1000, null, priority: 9) >= 0);
            Assert.True(channel.TryStart(Tail, 0, 1000, null, mayThrottle: false) >= 0);
        }
    }

    [Fact]
    public void A_refused_request_is_seldom_sent_again_while_all_are_refused()
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 3 });
        Exchange(channel, 1000, "rejected", "\"reason\":\"overloaded\",\"retry_after_ms\":50");
        var (ended, requests) = (_net.Ended.Count, channel.Counters.Requests);

        Assert.InRange(channel.Counters.RetriesThrottled, ended * 0.9, ended);
        Assert.Equal(requests, ended + channel.InFlight);
        Assert.All(_net.Ended, end => Assert.Equal(ResponseStatus.Rejected, end.Status));
    }

    [Fact]
    public void A_request_is_sent_again_while_servers_are_starting()
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 3 });
        Exchange(channel, 100, "rejected", "\"reason\":\"no_server\",\"retry_after_ms\":50");

        Assert.Empty(_net.Ended);
        Assert.Equal(0, channel.Counters.RetriesThrottled);
    }

    [Fact]
    public void A_retry_waits_as_long_as_the_response_says_or_the_rejection_is_returned_at_once()
    {
        var property = Prop.ForAll(Gen.Choose(1, 2000).ToArbitrary(), Gen.Choose(1, 2000).ToArbitrary(), (retryAfterMs, timeoutMs) =>
        {
            var net = new RecordingSender();
            var channel = Make(new() { FirstId = FirstId, FirstRetryMs = 60_000 }, net);
            Assert.True(channel.TryStart(Tail, _time.GetTimestamp(), timeoutMs, null) >= 0);
            Answer(channel, FirstId, "rejected", $"\"reason\":\"overloaded\",\"retry_after_ms\":{retryAfterMs}");
            if (net.Ended.Count > 0)
            {
                Assert.Equal(ResponseStatus.Rejected, net.Ended[0].Status);
                Assert.True((retryAfterMs * 1.25) + RequestRetries.LeastMs >= timeoutMs);
                Assert.Single(net.Sent);
                return;
            }

            Assert.True(retryAfterMs + RequestRetries.LeastMs < timeoutMs);
            RunFor(channel, retryAfterMs - 1);
            Assert.Single(net.Sent);
            RunFor(channel, 2 + (retryAfterMs / 4));
            Assert.Equal(2, net.Sent.Count);
        });
        property.QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Retries_never_exceed_the_budget()
    {
        var settings = Gen.Choose(0, 100).Zip(Gen.Choose(0, 20));
        var property = Prop.ForAll(settings.ToArbitrary(), Gen.Choose(0, 40).ArrayOf(40).ToArbitrary(), (budget, requests) =>
        {
            var net = new RecordingSender();
            var (percent, perSecond) = budget;
            var channel = Make(
                new()
                {
                    FirstId = FirstId,
                    Retries = 100,
                    InFlightLimit = 4096,
                    Throttle = false,
                    RetryBudgetPercent = percent,
                    RetryBudgetPerSecond = perSecond,
                },
                net);
            var started = 0;
            var answered = 0;
            foreach (var count in requests)
            {
                for (var i = 0; i < count; i++, started++)
                    Assert.True(channel.TryStart(Tail, 0, timeoutMs: FarOff, null) >= 0);
                for (; answered < net.Sent.Count; answered++)
                    Answer(channel, net.Sent[answered].Id, "rejected", "\"reason\":\"overloaded\",\"retry_after_ms\":1");
                RunFor(channel, 3);

                // All of this happens within the ten seconds of the budget.
                Assert.True(channel.Counters.Retries <= (started * percent / 100.0) + (10 * perSecond));
            }
        });
        property.QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Without_a_budget_a_rejection_is_returned_at_once()
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 3, RetryBudgetPercent = 0, RetryBudgetPerSecond = 0 });
        Exchange(channel, 5, "rejected", "\"reason\":\"overloaded\"");

        Assert.Equal(5, _net.Ended.Count);
        Assert.Equal(5, channel.Counters.RetriesDenied);
    }

    [Fact]
    public void Throttled_requests_earn_no_retries()
    {
        var channel = Make(new() { FirstId = FirstId, Retries = 1, RetryBudgetPercent = 100, RetryBudgetPerSecond = 0 });
        Exchange(channel, 1000, "rejected", "\"reason\":\"overloaded\",\"retry_after_ms\":1");
        RunFor(channel, 10);

        Assert.True(channel.Counters.Throttled > 0);
        Assert.True(channel.Counters.Retries <= channel.Counters.Requests);
    }

    private static void Answer(RequestChannel channel, long id, string status, string more) =>
        channel.OnDatagram(0, Encoding.UTF8.GetBytes($$"""{"id":{{id}},"client_id":7,"status":"{{status}}",{{more}}}"""));

    /// <summary>Starts requests, each after the response to the one before.</summary>
    /// <returns>The number of those that were throttled.</returns>
    private static int Exchange(RequestChannel channel, int count, string status, string more = "\"server_id\":\"3\"")
    {
        var throttled = 0;
        for (var i = 0; i < count; i++)
        {
            var id = channel.TryStart(Tail, 0, 60_000, null);
            if (id == RequestChannel.Throttled)
                throttled++;
            else
                Answer(channel, id, status, more);
        }

        return throttled;
    }

    private RequestChannel Make(ChannelSettings settings, RecordingSender? net = null) =>
        new(net ?? _net, settings with { ClientId = 7 }, _time, new Random(1), net ?? _net);

    /// <summary>Lets time pass, with a sweep each millisecond.</summary>
    private void RunFor(RequestChannel channel, int milliseconds)
    {
        for (var ms = 0; ms < milliseconds; ms++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            channel.Sweep();
        }
    }
}
