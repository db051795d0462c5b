using Shortline.Balancing.Overload;

namespace Shortline.Unit.Tests.Balancing.Overload;

/// <summary>Times are in milliseconds.</summary>
public sealed class OverloadGuardTests
{
    private const int Usual = 5;
    private const double Service = 50;
    private const double Timeout = 1000;
    private const double Duration = 60_000;

    [Theory]
    [InlineData(0, 1000, true)]
    [InlineData(925, 1000, true)]
    [InlineData(926, 1000, false)]
    [InlineData(0, 74, false)]
    public void A_request_is_accepted_if_wait_service_and_its_deviation_fit_before_the_deadline(double wait, long timeLeft, bool accepts)
    {
        var service = new ServiceTime();
        service.Observe(50);

        Assert.Equal(accepts, new OverloadGuard(5, 100).Accepts(wait, service, timeLeft, Usual));
    }

    [Fact]
    public void Nothing_is_known_before_the_first_sample_so_everything_is_accepted() =>
        Assert.True(new OverloadGuard(5, 100).Accepts(wait: 0, new ServiceTime(), timeLeft: 1, Usual));

    [Theory]
    [InlineData(1.5, false)]
    [InlineData(3, false)]
    [InlineData(10, false)]
    [InlineData(1.5, true)]
    [InlineData(3, true)]
    [InlineData(10, true)]
    public void A_server_completes_nearly_as_much_as_it_can_at_any_load(double load, bool isRandom)
    {
        var outcome = Simulate(load, isRandom);

        Assert.True(outcome.Ok > 0.9 * Duration / Service, $"{outcome}");
        Assert.True(outcome.LongestOk <= Timeout, $"{outcome}");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void A_server_that_keeps_up_refuses_next_to_nothing(double load)
    {
        var outcome = Simulate(load, isRandom: false);

        Assert.True(outcome.Refused <= outcome.Offered / 1000, $"{outcome}");
    }

    [Fact]
    public void Requests_of_an_overloaded_server_wait_no_longer_than_an_interval_or_two_services()
    {
        var outcome = Simulate(load: 3, isRandom: false);

        Assert.True(outcome.Median <= 4 * Service, $"{outcome}");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public void The_highest_priority_is_completed_if_lower_ones_can_give_way(double load)
    {
        var outcome = Simulate(load, isRandom: false, [(9, 0.9 / load), (5, 0.5 * (1 - (0.9 / load))), (1, 0.5 * (1 - (0.9 / load)))]);

        Assert.True(outcome.OkOf(9) > 0.99, $"{outcome}");
        Assert.True(outcome.Ok > 0.9 * Duration / Service, $"{outcome}");
    }

    [Fact]
    public void A_few_requests_of_a_lower_priority_do_not_let_the_others_wait_longer_for_ever()
    {
        var outcome = Simulate(load: 3, isRandom: false, [(5, 0.999), (0, 0.001)]);

        Assert.True(outcome.Ok > 0.9 * Duration / Service, $"{outcome}");
    }

    /// <summary>One worker and random arrivals: the events of a server, in the order of their times.</summary>
    /// <param name="load">What is offered, as a multiple of what the worker can do.</param>
    /// <param name="isRandom">Whether service times are exponentially distributed.</param>
    /// <param name="shares">The priorities and their shares; null if all requests have the usual one.</param>
    private static Outcome Simulate(double load, bool isRandom, (int Priority, double Share)[]? shares = null)
    {
        shares ??= [(Usual, 1)];
        var random = new Random(1);
        var guard = new OverloadGuard(5, 100);
        var service = new ServiceTime();
        var waiting = new SortedDictionary<int, LinkedList<double>>();
        foreach (var (priority, _) in shares)
            waiting[-priority] = new();
        var done = new List<(int Priority, double Time)>();
        var offered = new int[10];
        var refused = 0;
        var (next, free) = (0.0, 0.0);
        while (next < Duration)
        {
            var queue = waiting.FirstOrDefault(each => each.Value.Count > 0);
            var now = Math.Min(next, queue.Value is null ? double.MaxValue : Math.Max(free, 0));
            var isBusy = now < free;
            if (!isBusy && queue.Value is not null)
            {
                var arrived = guard.PrefersNewest(Wait(-queue.Key), -queue.Key) ? queue.Value.Last!.Value : queue.Value.First!.Value;
                queue.Value.Remove(arrived);
                if (now >= arrived + Timeout || (waiting.Values.Any(each => each.Count > 0) && !guard.CanFinish(service, (long)(arrived + Timeout - now))))
                    refused++;
                else
                    Begin(-queue.Key, arrived, now);
                continue;
            }

            now = next;
            next += -Math.Log(1 - random.NextDouble()) * Service / load;
            var of = Draw();
            offered[of]++;
            if (now >= free && queue.Value is null)
                Begin(of, now, now);
            else if (guard.Accepts(Wait(of), service, (long)Timeout, of))
                waiting[-of].AddLast(now);
            else
                refused++;

            double Wait(int priority) => (waiting.Where(each => -each.Key >= priority).Sum(each => each.Value.Count) * service.Mean) + (isBusy ? service.Mean / 2 : 0);
        }

        var ok = done.Where(each => each.Time <= Timeout).ToList();
        return new Outcome(
            offered.Sum(), ok.Count, refused, done.Select(each => each.Time).Order().ElementAt(done.Count / 2), ok.Max(each => each.Time),
            [.. offered.Select((count, priority) => (double)ok.Count(each => each.Priority == priority) / Math.Max(1, count))]);

        int Draw()
        {
            var left = random.NextDouble();
            foreach (var (priority, share) in shares)
            {
                left -= share;
                if (left < 0)
                    return priority;
            }

            return shares[^1].Priority;
        }

        void Begin(int priority, double arrived, double now)
        {
            guard.OnBegin((long)(now - arrived), service, (long)now);
            var inService = isRandom ? -Math.Log(1 - random.NextDouble()) * Service : Service;
            free = now + inService;
            service.Observe(inService);
            done.Add((priority, free - arrived));
        }
    }

    private sealed record Outcome(int Offered, int Ok, int Refused, double Median, double LongestOk, double[] OkOfPriority)
    {
        public double OkOf(int priority) => OkOfPriority[priority];

        public override string ToString() =>
            $"{Ok} of {Offered} ok, {Refused} refused, median {Median:F0} ms, longest {LongestOk:F0} ms; shares that are ok by priority {string.Join(' ', OkOfPriority.Select(share => $"{share:F3}"))}";
    }
}
