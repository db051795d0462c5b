using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing;

namespace Shortline.Unit.Tests.Balancing;

public sealed class RetryBudgetTests
{
    [Fact]
    public void A_caller_without_requests_has_ten_retries_per_second()
    {
        var budget = new RetryBudget();

        Assert.Equal(100, Spend(budget, nowMs: 50_000)); // The retries of ten seconds at once.
        Assert.Equal(0, Spend(budget, nowMs: 59_999));
        Assert.Equal(100, Spend(budget, nowMs: 60_000)); // Ten seconds later they are available again.
    }

    [Fact]
    public void The_budget_is_a_fifth_of_the_requests()
    {
        var budget = new RetryBudget(retriesPerSecond: 0);
        for (var i = 0; i < 1000; i++)
            budget.OnRequest(nowMs: i);

        Assert.Equal(200, Spend(budget, nowMs: 1500));
    }

    [Fact]
    public void The_budget_of_a_request_expires_after_ten_seconds()
    {
        var budget = new RetryBudget(retriesPerSecond: 0);
        for (var i = 0; i < 1000; i++)
            budget.OnRequest(nowMs: 5000);

        Assert.True(budget.TryRetry(nowMs: 14_999));
        Assert.False(budget.TryRetry(nowMs: 15_000));
    }

    [Fact]
    public void A_slightly_earlier_clock_reading_grants_no_extra_retry()
    {
        var budget = new RetryBudget();
        Spend(budget, nowMs: 20_000);

        Assert.False(budget.TryRetry(nowMs: 20_000));
        Assert.InRange(Spend(budget, nowMs: 19_999), 0, 100);
        Assert.False(budget.TryRetry(nowMs: 20_000));
    }

    [Fact]
    public void Retries_in_any_ten_seconds_stay_within_the_budget()
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

                // The budget counts by whole seconds: its window is the current second and the nine before.
                var from = ((now / 1000) - 9) * 1000;
                Assert.True(granted.Count(t => t >= from) <= 100 + (sent.Count * 0.2));
            }
        });
        property.QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Several_threads_together_get_exactly_the_budget_of_one()
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
