using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine;

public class ManualTimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_period_counts_from_the_end_of_the_callback()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<ITickerGrain>();
        await grain.Hold();
        await grain.Start(Second, Second * 10, interleave: true);
        cluster.Clock.Advance(Second);
        await Ticks(grain, 1);
        cluster.Clock.Advance(Second * 15);

        var timers = cluster.Clock.PendingTimers;
        await grain.LetGo();
        await Eventually.True(() => cluster.Clock.PendingTimers > timers, "the next tick set");
        cluster.Clock.Advance(Second * 9);
        await grain.Hold();
        Assert.Equal(1, await grain.Ticks());
        cluster.Clock.Advance(Second);

        await Ticks(grain, 2);
    }

    [Fact]
    public async Task Without_a_period_a_timer_ticks_once()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<ITickerGrain>();
        await grain.Start(Second, Timeout.InfiniteTimeSpan, interleave: false);
        cluster.Clock.Advance(Second);
        await Ticks(grain, 1);

        cluster.Clock.Advance(Second * 5);

        await grain.Hold();
        Assert.Equal(1, await grain.Ticks());
    }

    private static Task Ticks(ITickerGrain grain, int expected) =>
        Eventually.True(async () => await grain.Ticks() == expected, $"{expected} ticks");
}
