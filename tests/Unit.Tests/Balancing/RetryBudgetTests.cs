using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing;

namespace Shortline.Unit.Tests.Balancing;

public sealed class RetryBudgetTests
{
    [Fact]
    public void A_quiet_caller_has_ten_retries_a_second()
    {
        var budget = new RetryBudget();

        Assert.Equal(100, Spend(budget, nowMs: 50_000)); // ten seconds' worth at once
        Assert.Equal(0, Spend(budget, nowMs: 59_999));
        Assert.Equal(100, Spend(budget, nowMs: 60_000)); // and again when they have passed
    }

    [Fact]
    public void A_fifth_of_the_requests_may_be_retried()
    {
        var budget = new RetryBudget(retriesPerSecond: 0);
        for (var i = 0; i < 1000; i++)
            budget.OnRequest(nowMs: i);

        Assert.Equal(200, Spend(budget, nowMs: 1500));
    }

    [Fact]
    public void What_requests_paid_is_gone_after_ten_seconds()
    {
        var budget = new RetryBudget(retriesPerSecond: 0);
        for (var i = 0; i < 1000; i++)
            budget.OnRequest(nowMs: 5000);

        Assert.True(budget.TryRetry(nowMs: 14_999));
        Assert.False(budget.TryRetry(nowMs: 15_000));
    }

    [Fact]
    public void A_clock_reading_a_little_behind_is_no_free_retry()
    {
        var budget = new RetryBudget();
        Spend(budget, nowMs: 20_000);

        Assert.False(budget.TryRetry(nowMs: 20_000));
        Assert.InRange(Spend(budget, nowMs: 19_999), 0, 100);
        Assert.False(budget.TryRetry(nowMs: 20_000));
    }

    [Fact]
    public void Never_more_than_the_share_and_the_reserve_in_any_ten_seconds()
    {
        var property = Prop.ForAll(Gen.Choose(0, 400).Zip(Gen.Choose(0, 20)).ArrayOf(300).ToArbitrary(), steps =>
        {
            var budget = new RetryBudget();
            var granted = new List<long>();
            var sent = new List<long>();
            var now = 0L;
            foreach (var (wait, requests) in steps)
            {
                now += wait;
                for (var i = 0; i < requests; i++)
                {
                    budget.OnRequest(now);
                    sent.Add(now);
                }

                while (budget.TryRetry(now))
                    granted.Add(now);

                // Seconds are whole: the window reaches back nine seconds and the part of this one.
                var from = ((now / 1000) - 9) * 1000;
                Assert.True(granted.Count(t => t >= from) <= 100 + (sent.Count * 0.2));
            }
        });
        property.QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Several_threads_together_get_no_more_than_one_would()
    {
        var budget = new RetryBudget();
        var granted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var count = 0;
            for (var i = 0; i < 10_000; i++)
            {
                budget.OnRequest(1000);
                if (budget.TryRetry(1000))
                    count++;
            }

            return count;
        })));
        var rest = Spend(budget, 1000);

        Assert.Equal(100 + (40_000 / 5), granted.Sum() + rest);
    }

    private static int Spend(RetryBudget budget, long nowMs)
    {
        var count = 0;
        while (budget.TryRetry(nowMs))
            count++;
        return count;
    }
}
