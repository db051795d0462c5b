using FsCheck;
using FsCheck.Fluent;
using Shortline.Client.Requests;

namespace Shortline.Unit.Tests.Client.Requests;

public sealed class AdaptiveThrottleTests
{
    private const int WindowMs = 10_000;
    private const int Usual = 5;

    [Fact]
    public void The_probability_is_that_of_the_sre_book()
    {
        var throttle = Make();
        Respond(throttle, nowMs: 0, accepted: 20, refused: 80);

        Assert.Equal((100 - (2 * 20)) / 101.0, throttle.Probability(Usual, 0));
    }

    [Fact]
    public void Nothing_is_throttled_while_half_of_the_requests_are_accepted()
    {
        var throttle = Make();
        Respond(throttle, nowMs: 0, accepted: 500, refused: 500);

        Assert.Equal(0, throttle.Probability(Usual, 0));
    }

    [Fact]
    public void A_few_refusals_throttle_nothing()
    {
        var throttle = Make();
        Respond(throttle, nowMs: 0, accepted: 0, refused: AdaptiveThrottle.MinimumRequests - 1);
        Assert.Equal(0, throttle.Probability(Usual, 0));

        Respond(throttle, nowMs: 0, accepted: 0, refused: 1);
        Assert.Equal(AdaptiveThrottle.MaxProbability, throttle.Probability(Usual, 0));
    }

    [Fact]
    public void Refusals_of_one_priority_do_not_throttle_another()
    {
        var throttle = Make();
        for (var i = 0; i < 100; i++)
        {
            throttle.OnResponse(1, 0, isAccepted: false);
            throttle.OnResponse(9, 0, isAccepted: true);
        }

        Assert.Equal(AdaptiveThrottle.MaxProbability, throttle.Probability(1, 0));
        Assert.Equal(0, throttle.Probability(9, 0));
        Assert.Equal(AdaptiveThrottle.MaxProbability, throttle.HighestProbability(0));
    }

    [Theory]
    [InlineData(10, 160)]
    [InlineData(3, 160)]
    [InlineData(1.5, 120)]
    public void Servers_get_twice_what_they_accept_however_much_is_wanted(double load, int expected)
    {
        const int capacity = 80;
        var throttle = Make();
        var (_, sent) = Run(throttle, fromMs: 0, seconds: 40, perSecond: (int)(load * capacity), accepts: _ => capacity);

        Assert.InRange(sent.Skip(20).Average(), expected * 0.9, expected * 1.1);
    }

    [Fact]
    public void All_requests_pass_again_two_windows_after_a_minute_of_refusals()
    {
        var throttle = Make();
        Run(throttle, fromMs: 0, seconds: 60, perSecond: 100, accepts: _ => 100);
        Run(throttle, fromMs: 60_000, seconds: 60, perSecond: 100, accepts: _ => 0);
        Assert.Equal(AdaptiveThrottle.MaxProbability, throttle.Probability(Usual, 120_000));

        Run(throttle, fromMs: 120_000, seconds: 25, perSecond: 100, accepts: _ => 100);
        Assert.Equal(0, throttle.Probability(Usual, 145_000), 0.05);
    }

    [Fact]
    public void An_idle_client_is_not_throttled_after_the_window()
    {
        var throttle = Make();
        Respond(throttle, nowMs: 500, accepted: 0, refused: 100);

        Assert.Equal(AdaptiveThrottle.MaxProbability, throttle.Probability(Usual, WindowMs - 1));
        Assert.Equal(0, throttle.Probability(Usual, WindowMs));
    }

    [Fact]
    public void An_earlier_clock_reading_counts_with_the_latest_one()
    {
        var throttle = Make();
        Respond(throttle, nowMs: 20_000, accepted: 0, refused: 10);
        Respond(throttle, nowMs: 5000, accepted: 0, refused: 10);

        Assert.Equal(AdaptiveThrottle.MaxProbability, throttle.Probability(Usual, 29_999));
        Assert.Equal(0, throttle.Probability(Usual, 30_000));
    }

    [Fact]
    public void The_probability_is_that_of_the_outcomes_in_the_window()
    {
        var step = Gen.Choose(0, 3000).Zip(Gen.Choose(0, 9)).Zip(Gen.Choose(0, 30)).Zip(Gen.Choose(0, 30));
        var property = Prop.ForAll(step.ArrayOf(60).ToArbitrary(), Gen.Choose(10, 50).ToArbitrary(), (steps, tenths) =>
        {
            var multiplier = tenths / 10.0;
            var throttle = new AdaptiveThrottle(multiplier, WindowMs, new Random(1));
            var outcomes = new List<(long Second, int Priority, bool IsAccepted)>();
            var now = 0L;
            foreach (var (((wait, priority), accepted), refused) in steps)
            {
                now += wait;
                for (var i = 0; i < accepted + refused; i++)
                {
                    throttle.OnResponse(priority, now, isAccepted: i < accepted);
                    outcomes.Add((now / 1000, priority, i < accepted));
                }

                if (!throttle.TryPass(priority, now))
                    outcomes.Add((now / 1000, priority, false));
                var counted = outcomes.Where(outcome => outcome.Priority == priority && outcome.Second > (now / 1000) - 10).ToArray();
                var (requests, accepts) = (counted.Length, counted.Count(outcome => outcome.IsAccepted));
                var expected = requests < AdaptiveThrottle.MinimumRequests ? 0 : (requests - (multiplier * accepts)) / (requests + 1);
                Assert.Equal(Math.Clamp(expected, 0, AdaptiveThrottle.MaxProbability), throttle.Probability(priority, now));
                Assert.InRange(throttle.Probability(priority, now), 0, 1);
            }

            Assert.Equal(0, throttle.HighestProbability(now + WindowMs));
        });
        property.QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0.9, 10_000)]
    [InlineData(double.NaN, 10_000)]
    [InlineData(101, 10_000)]
    [InlineData(2, 999)]
    [InlineData(2, 600_001)]
    public void Numbers_out_of_range_are_refused(double multiplier, int windowMs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveThrottle(multiplier, windowMs, new Random(1)));

    private static AdaptiveThrottle Make() => new(2, WindowMs, new Random(1));

    private static void Respond(AdaptiveThrottle throttle, long nowMs, int accepted, int refused)
    {
        for (var i = 0; i < accepted + refused; i++)
            throttle.OnResponse(Usual, nowMs, isAccepted: i < accepted);
    }

    /// <summary>Sends requests at a rate to servers that accept a number of them in each second, a tenth of it every 100 ms.</summary>
    /// <returns>The time, and the requests that were sent in each second.</returns>
    private static (long EndMs, int[] Sent) Run(AdaptiveThrottle throttle, long fromMs, int seconds, int perSecond, Func<int, int> accepts)
    {
        var sent = new int[seconds];
        var now = fromMs;
        for (var second = 0; second < seconds; second++)
        {
            for (var tenth = 0; tenth < 10; tenth++, now += 100)
            {
                var left = accepts(second) / 10;
                for (var i = 0; i < perSecond / 10; i++)
                {
                    if (!throttle.TryPass(Usual, now))
                        continue;
                    sent[second]++;
                    throttle.OnResponse(Usual, now, isAccepted: left-- > 0);
                }
            }
        }

        return (now, sent);
    }
}
