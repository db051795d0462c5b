using Shortline.Balancing.Overload;

namespace Shortline.Unit.Tests.Balancing.Overload;

/// <summary>Times are in milliseconds.</summary>
public sealed class OverloadGuardTests
{
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

        Assert.Equal(accepts, new OverloadGuard(5, 100).Accepts(wait, service, timeLeft));
    }

    [Fact]
    public void Nothing_is_known_before_the_first_sample_so_everything_is_accepted() =>
        Assert.True(new OverloadGuard(5, 100).Accepts(wait: 0, new ServiceTime(), timeLeft: 1));

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

    /// <summary>One worker and random arrivals: the events of a server, in the order of their times.</summary>
    private static Outcome Simulate(double load, bool isRandom)
    {
        var random = new Random(1);
        var guard = new OverloadGuard(5, 100);
        var service = new ServiceTime();
        var waiting = new LinkedList<double>();
        var times = new List<double>();
        var (offered, refused) = (0, 0);
        var (next, free) = (0.0, 0.0);
        var inService = 0.0;
        while (next < Duration)
        {
            var now = Math.Min(next, waiting.Count > 0 ? Math.Max(free, 0) : double.MaxValue);
            var isBusy = now < free;
            var wait = (waiting.Count * service.Mean) + (isBusy ? service.Mean / 2 : 0);
            if (!isBusy && waiting.Count > 0)
            {
                var arrived = guard.PrefersNewest(wait) ? waiting.Last!.Value : waiting.First!.Value;
                waiting.Remove(arrived);
                if (now >= arrived + Timeout || (waiting.Count > 0 && !guard.CanFinish(service, (long)(arrived + Timeout - now))))
                    refused++;
                else
                    Begin(arrived, now);
                continue;
            }

            now = next;
            next += -Math.Log(1 - random.NextDouble()) * Service / load;
            offered++;
            if (now >= free && waiting.Count == 0)
                Begin(now, now);
            else if (guard.Accepts(wait, service, (long)Timeout))
                waiting.AddLast(now);
            else
                refused++;
        }

        times.Sort();
        return new Outcome(offered, times.Count(time => time <= Timeout), refused, times[times.Count / 2], times.Where(time => time <= Timeout).Max());

        void Begin(double arrived, double now)
        {
            guard.OnBegin((long)(now - arrived), service, (long)now);
            inService = isRandom ? -Math.Log(1 - random.NextDouble()) * Service : Service;
            free = now + inService;
            service.Observe(inService);
            times.Add(free - arrived);
        }
    }

    private sealed record Outcome(int Offered, int Ok, int Refused, double Median, double LongestOk);
}
