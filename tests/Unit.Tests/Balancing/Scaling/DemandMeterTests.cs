using System.Collections.Immutable;
using Shortline.Balancing.Scaling;

namespace Shortline.Unit.Tests.Balancing.Scaling;

public sealed class DemandMeterTests
{
    [Fact]
    public void Fast_requests_before_a_change_to_slow_ones_do_not_count_as_slow()
    {
        // In one second 15,000 echoes were answered, then a few requests of 20 ms, which is now the smoothed service time.
        var (arrivals, work) = Measure(new(Completed: 50_000), new(Completed: 65_000, InService: 1, ServiceTimeMs: 20), elapsedMs: 1000);

        Assert.Equal(15_001, arrivals);
        Assert.InRange(work, 1000, 1500);
    }

    [Fact]
    public void The_growth_of_the_queue_counts_in_full()
    {
        var (arrivals, work) = Measure(new(Completed: 100), new(Completed: 120, Waiting: 80, ServiceTimeMs: 50), elapsedMs: 1000);

        Assert.Equal(100, arrivals);
        Assert.Equal(5000, work);
    }

    [Fact]
    public void A_request_longer_than_the_interval_counts_once_when_it_arrives()
    {
        var arrived = Measure(new(Completed: 100), new(Completed: 100, InService: 1, ServiceTimeMs: 5000), elapsedMs: 1000);
        var ended = Measure(new(Completed: 100, InService: 1), new(Completed: 101, ServiceTimeMs: 5000), elapsedMs: 1000);
        var endedAndArrived = Measure(new(Completed: 100, InService: 1), new(Completed: 101, InService: 1, ServiceTimeMs: 5000), elapsedMs: 1000);

        Assert.Equal((1.0, 5000.0), arrived);
        Assert.Equal((0.0, 0.0), ended);
        Assert.Equal((1.0, 5000.0), endedAndArrived);
    }

    [Fact]
    public void Requests_that_were_refused_count_like_those_that_were_accepted()
    {
        var before = ImmutableDictionary<string, ServerLoad>.Empty.Add("0", Load(new(Completed: 100)) with { Refused = 10 });

        var measured = DemandMeter.Measure(before, [Load(new(Completed: 120, ServiceTimeMs: 50)) with { Refused = 90 }], elapsedMs: 1000);

        Assert.Equal(new Demand(Arrivals: 100, Work: 1000, Presence: 1000, Refused: 80, RefusedWork: 4000), measured);
    }

    [Fact]
    public void Presence_is_divided_by_the_workers()
    {
        var before = ImmutableDictionary<string, ServerLoad>.Empty.Add("0", Load(new(Completed: 100)) with { PresenceMs = 50_000 });

        var measured = DemandMeter.Measure(before, [Load(new(Completed: 120)) with { PresenceMs = 53_000, Concurrency = 2 }], elapsedMs: 1000);

        Assert.Equal(1500, measured.Presence);
    }

    private static (double Arrivals, double Work) Measure(Counters before, Counters now, long elapsedMs)
    {
        var demand = DemandMeter.Measure(ImmutableDictionary<string, ServerLoad>.Empty.Add("0", Load(before)), [Load(now)], elapsedMs);
        Assert.Equal((0, 0), (demand.Refused, demand.RefusedWork));
        Assert.Equal(demand.Work, demand.Presence);
        return (demand.Arrivals, demand.Work);
    }

    private static ServerLoad Load(Counters counters) => new(
        "0", Incarnation: 1, counters.Waiting, counters.InService, Concurrency: 1, counters.Completed, counters.ServiceTimeMs, ReadyForMs: 60_000);

    private sealed record Counters(long Completed, int Waiting = 0, int InService = 0, double ServiceTimeMs = 0);
}
