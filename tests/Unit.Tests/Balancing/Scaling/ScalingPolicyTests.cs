using FsCheck;
using FsCheck.Fluent;
using Shortline.Balancing.Scaling;

namespace Shortline.Unit.Tests.Balancing.Scaling;

public sealed class ScalingPolicyTests
{
    private static readonly ScalingSettings Settings = new(Minimum: 1, Maximum: 32, Threshold: 5, StableWindowMs: 60_000, PanicWindowMs: 6000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_sudden_load_is_met_within_two_seconds_by_at_most_doubling(bool chance)
    {
        var fleet = new FleetSimulation(Settings, seed: 7) { Chance = chance };
        fleet.Run(arrivalsPerSecond: 0, forMs: 20_000);
        fleet.Run(arrivalsPerSecond: 100, forMs: 2000);

        Assert.True(fleet.Ready >= 6, $"100 requests/s of 50 ms need more than 5 workers; there are {fleet.Ready}.");
        Assert.All(fleet.Decisions, step => Assert.InRange(step.Decision.Desired, 1, 2 * Math.Max(1, step.Ready)));

        fleet.Run(100, 3000);
        Assert.True(fleet.Waiting <= Settings.Threshold * fleet.Ready, $"{fleet.Waiting} requests wait for {fleet.Ready} servers.");
    }

    [Fact]
    public void The_fleet_shrinks_one_server_at_a_time_after_a_stable_window()
    {
        var fleet = new FleetSimulation(Settings with { Minimum = 2 }, seed: 7);
        fleet.Run(arrivalsPerSecond: 200, forMs: 90_000);
        var busy = fleet.Ready;
        Assert.InRange(busy, 12, 24);
        var quiet = fleet.Now;

        // The load counts until it has left the panic window too.
        fleet.Run(0, Settings.StableWindowMs - 1000);
        Assert.Equal(busy, fleet.Ready);
        fleet.Run(0, Settings.PanicWindowMs + 60_000);

        Assert.Equal(2, fleet.Ready);
        Assert.Equal(Enumerable.Range(2, busy - 1).Reverse(), fleet.SizesSince(quiet));
    }

    [Theory]
    [InlineData(10, 50, 1)]
    [InlineData(15, 50, 1)]
    [InlineData(30, 50, 1)]
    [InlineData(50, 50, 1)]
    [InlineData(100, 50, 1)]
    [InlineData(160, 50, 1)]
    [InlineData(300, 50, 1)]
    [InlineData(300, 50, 4)]
    [InlineData(4, 2000, 1)]
    [InlineData(2000, 5, 2)]
    public void Under_steady_load_the_fleet_settles_at_the_size_of_Littles_law(double perSecond, double serviceMs, int concurrency)
    {
        var fleet = new FleetSimulation(Settings, seed: 11) { ServiceMs = serviceMs, Concurrency = concurrency };
        fleet.Run(perSecond, forMs: 180_000);
        var settled = fleet.Now;
        fleet.Run(perSecond, forMs: 300_000);

        var busyWorkers = perSecond * serviceMs / 1000;
        var need = busyWorkers / concurrency / 0.8;
        Assert.True(fleet.Ready > busyWorkers / concurrency, $"{fleet.Ready} servers for {busyWorkers} busy workers");
        Assert.InRange(fleet.Ready, Math.Floor(need), Math.Ceiling(need * 1.25) + 1);
        var reversals = Reversals(fleet.SizesSince(settled));
        Assert.True(reversals <= 1, $"The size changed direction {reversals} times: {string.Join(' ', fleet.SizesSince(settled))}");
    }

    [Fact]
    public void A_short_queue_peak_does_not_grow_the_fleet()
    {
        var (state, now) = Idle(ScalingState.Begin(1), servers: 1, forMs: 60_000);
        (_, state) = ScalingPolicy.Decide(state, now += 100, [Server(0, waiting: 6)], true, Settings);
        var (decision, _) = ScalingPolicy.Decide(state, now + 250, [Server(0, waiting: 1, completed: 5)], true, Settings);

        Assert.Equal(1, decision.Desired);
        Assert.False(decision.Urgent);
    }

    [Fact]
    public void Queues_that_stay_over_the_threshold_grow_the_fleet_even_if_no_request_ever_completed()
    {
        var (state, now) = Idle(ScalingState.Begin(1), servers: 1, forMs: 60_000);
        ScalingDecision decision = default;
        for (var i = 0; i <= 4; i++)
            (decision, state) = ScalingPolicy.Decide(state, now += 1000, [Server(0, waiting: 7 + i)], true, Settings);

        Assert.Equal(2, decision.Desired);
        Assert.True(decision.Urgent);
    }

    [Fact]
    public void Refused_requests_grow_the_fleet_to_what_the_load_needs_although_queues_are_short()
    {
        // 80 requests a second of 50 ms each, of which a server can do 20.
        var (state, now) = Idle(ScalingState.Begin(1), servers: 1, forMs: 60_000);
        var (completed, refused) = (new long[16], 0L);
        for (var second = 0; second < 30; second++)
        {
            var size = state.Desired;
            for (var id = 0; id < size; id++)
                completed[id] += Math.Min(20, 80 / size);
            refused += Math.Max(0, 80 - (20 * size));
            var ready = Enumerable.Range(0, size)
                .Select(id => Server(id, waiting: 1, completed: completed[id]) with { ServiceTimeMs = 50, Refused = id == 0 ? refused : 0 })
                .ToList();
            (_, state) = ScalingPolicy.Decide(state, now += 1000, ready, settled: true, Settings);
        }

        Assert.InRange(state.Desired, 5, 6);
    }

    [Fact]
    public void A_constant_queue_grows_the_fleet_steadily()
    {
        var (state, now) = Idle(ScalingState.Begin(1), servers: 1, forMs: 60_000);
        var sizes = new List<int>();
        for (var i = 0; i < 120; i++)
        {
            var ready = Enumerable.Range(0, state.Desired).Select(id => Server(id, waiting: id == 0 ? 40 : 0)).ToList();
            (_, state) = ScalingPolicy.Decide(state, now += 1000, ready, settled: true, Settings);
            sizes.Add(state.Desired);
        }

        Assert.True(sizes[^1] >= 8, $"40 waiting requests are five each for eight servers; there are {sizes[^1]}.");
        Assert.Equal(sizes.Order(), sizes);
    }

    [Fact]
    public void A_new_controller_does_not_count_earlier_requests_as_a_burst()
    {
        var state = ScalingState.Begin(2);
        ScalingDecision decision = default;
        for (var now = 0L; now <= 10_000; now += 1000)
        {
            var done = 1_000_000 + now / 100; // Ten requests per second since the start.
            (decision, state) = ScalingPolicy.Decide(state, now, [Server(0, completed: done), Server(1, completed: done)], true, Settings);
        }

        Assert.Equal(2, decision.Desired);
        Assert.False(decision.Panic);
    }

    [Fact]
    public void Lost_servers_do_not_change_what_is_desired()
    {
        var (state, now) = Idle(ScalingState.Begin(4), servers: 4, forMs: 10_000);
        var (decision, _) = ScalingPolicy.Decide(state, now + 1000, [Server(0), Server(1)], settled: false, Settings);

        Assert.Equal(4, decision.Desired);
    }

    /// <summary>A request of 40 s, a quiet minute, and requests of 10 ms, whose usual service time still seems to be tens of seconds.</summary>
    [Fact]
    public void One_long_request_is_no_rush()
    {
        var state = ScalingState.Begin(1);
        long now = 0, completed = 0;
        double presence = 0, usual = 0;
        Pass(10_000, inService: 0);
        Pass(40_000, inService: 1);
        Complete(40_000);
        Pass(60_000, inService: 0);
        for (var i = 0; i < 10; i++)
        {
            presence += 10;
            Complete(10);
            Pass(3000, inService: 0);
        }

        void Complete(double serviceMs)
        {
            completed++;
            usual = usual == 0 ? serviceMs : (0.95 * usual) + (0.05 * serviceMs);
        }

        void Pass(int milliseconds, int inService)
        {
            for (var end = now + milliseconds; now < end;)
            {
                now += 250;
                presence += 250 * inService;
                var server = new ServerLoad("0", 1, 0, inService, 1, completed, usual, now, PresenceMs: presence);
                (var decision, state) = ScalingPolicy.Decide(state, now, [server], settled: true, Settings with { Minimum = 1 });
                Assert.True(decision.Desired <= 2, $"At {now} ms: {decision}"); // one busy worker is more than 0.8 of a server
            }
        }
    }

    [Fact]
    public void The_estimate_over_a_window_never_exceeds_the_largest_number_of_requests_in_it()
    {
        var arrival = from gap in Gen.Elements(0.0, 1, 10, 100, 1000)
                      from length in Gen.Elements(0.1, 10, 200, 5000, 40_000)
                      select (gap, length);
        Prop.ForAll(arrival.ArrayOf().ToArbitrary(), arrivals =>
        {
            var requests = new List<(double Begin, double End)>();
            var at = 0.0;
            foreach (var (gap, length) in arrivals)
                requests.Add((at += gap, at + length));
            var state = ScalingState.Begin(1);
            double presence = 0, usual = 0;
            var counts = new List<int>();
            for (var now = 0.0; now <= at + 60_000; now += 100)
            {
                // Ends and begins within the step, in order.
                foreach (var (begin, end) in requests)
                {
                    presence += Math.Max(0, Math.Min(end, now) - Math.Max(begin, now - 100));
                    if (end > now - 100 && end <= now)
                        usual = usual == 0 ? end - begin : (0.95 * usual) + (0.05 * (end - begin));
                }

                counts.Add(requests.Count(each => each.Begin <= now && each.End > now - 100));
                var here = requests.Count(each => each.Begin <= now && each.End > now);
                var server = new ServerLoad("0", 1, 0, here, 1, requests.Count(each => each.End <= now), usual, 1_000_000, PresenceMs: presence);
                (_, state) = ScalingPolicy.Decide(state, (long)now, [server], settled: true, Settings);
                foreach (var window in (int[])[100, 1000, 6000])
                {
                    if (now < window)
                        continue;
                    var estimate = state.History.Latest.OfferedSince(state.History.At((long)now - window));
                    var most = counts.TakeLast((window / 100) + 1).Max();
                    Assert.True(estimate <= most + 1e-6, $"At {now} ms over {window} ms: {estimate} of {most}");
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Servers_beyond_the_maximum_are_wanted_but_not_desired()
    {
        var small = Settings with { Maximum = 3 };
        var fleet = new FleetSimulation(small, seed: 3);
        fleet.Run(arrivalsPerSecond: 100, forMs: 10_000);

        Assert.Equal(3, fleet.Ready);
        Assert.All(fleet.Decisions, step => Assert.InRange(step.Decision.Desired, 1, 3));
        Assert.InRange(fleet.Decisions[^1].Decision.Wanted, 6, 32);
        Assert.True(fleet.Decisions[^1].Decision.Panic);
    }

    [Fact]
    public void A_raised_minimum_and_a_lowered_maximum_take_effect_at_once()
    {
        var (state, now) = Idle(ScalingState.Begin(4), servers: 4, forMs: 10_000);
        var four = Enumerable.Range(0, 4).Select(i => Server(i)).ToList();

        Assert.Equal(6, ScalingPolicy.Decide(state, now, four, true, Settings with { Minimum = 6 }).Decision.Desired);
        Assert.Equal(2, ScalingPolicy.Decide(state, now, four, true, Settings with { Maximum = 2 }).Decision.Desired);
    }

    [Fact]
    public void Any_reports_lead_to_a_decision_within_bounds()
    {
        var server = from id in Gen.Choose(0, 20)
                     from waiting in Gen.Choose(0, 100_000)
                     from inService in Gen.Choose(0, 64)
                     from completed in Gen.Choose(0, int.MaxValue)
                     from time in Gen.Elements(0.0, 0.01, 50, 1e6)
                     from readyFor in Gen.Choose(0, 1_000_000)
                     select new ServerLoad($"{id}", id % 3, waiting, inService, 1 + (id % 4), completed, time, readyFor);
        var step = Gen.Choose(0, 5000).Zip(server.ArrayOf());
        Prop.ForAll(step.ArrayOf().ToArbitrary(), steps =>
        {
            var settings = Settings with { Minimum = 2, Maximum = 12, StableWindowMs = 5000, PanicWindowMs = 500 };
            var state = ScalingState.Begin(2);
            var now = 0L;
            var grewAt = long.MinValue / 2;
            foreach (var (wait, servers) in steps)
            {
                var before = state.Desired;
                (var decision, state) = ScalingPolicy.Decide(state, now += wait, servers, servers.Length == before, settings);
                Assert.InRange(decision.Desired, settings.Minimum, settings.Maximum);
                Assert.True(decision.Desired <= Math.Max(before, 2 * Math.Max(1, servers.Length)), "The fleet more than doubled.");
                Assert.True(decision.Desired >= before - 1, "The fleet shrank by more than one server.");
                Assert.True(decision.Desired >= before || now - grewAt >= settings.StableWindowMs, "The fleet shrank within the stable window after it had grown.");
                grewAt = decision.Desired > before ? now : grewAt;
                Assert.True(decision.Wanted >= decision.Desired);
                Assert.Equal(decision.Desired == before, decision.Reason.Length == 0);
            }
        }).QuickCheckThrowOnFailure();
    }

    private static (ScalingState State, long Now) Idle(ScalingState state, int servers, int forMs)
    {
        var ready = Enumerable.Range(0, servers).Select(i => Server(i)).ToList();
        var now = 0L;
        for (; now <= forMs; now += 1000)
            (_, state) = ScalingPolicy.Decide(state, now, ready, servers == state.Desired, Settings with { Minimum = servers });
        return (state, now);
    }

    private static ServerLoad Server(int id, int waiting = 0, long completed = 0) =>
        new($"{id}", 1, waiting, waiting > 0 ? 1 : 0, 1, completed, completed > 0 ? 50 : 0, 100_000_000);

    private static int Reversals(List<int> sizes)
    {
        var reversals = 0;
        for (var i = 2; i < sizes.Count; i++)
        {
            if (Math.Sign(sizes[i] - sizes[i - 1]) != Math.Sign(sizes[i - 1] - sizes[i - 2]))
                reversals++;
        }

        return reversals;
    }
}
