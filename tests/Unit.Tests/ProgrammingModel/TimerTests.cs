using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.ProgrammingModel;

public class TimerTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    private readonly ITickerGrain _grain = fixture.Client.GetGrain<ITickerGrain>(ClusterFixture.NewKey());

    [Fact]
    public async Task A_timer_ticks_until_it_is_stopped()
    {
        await _grain.Start(Short, Short, interleave: false);
        await Eventually.True(async () => await _grain.Ticks() >= 3, "three ticks");

        await _grain.Stop();

        var stopped = await _grain.Ticks();
        await Task.Delay(Short * 10, TimeProvider.System);
        Assert.Equal(stopped, await _grain.Ticks());
    }

    [Fact]
    public async Task A_tick_waits_for_the_one_before()
    {
        await _grain.Hold();
        await _grain.Start(Short, Short, interleave: true);
        await Eventually.True(async () => await _grain.Ticks() == 1, "the first tick");
        await Task.Delay(Short * 10, TimeProvider.System);
        Assert.Equal(1, await _grain.Ticks());

        await _grain.LetGo();

        await Eventually.True(async () => await _grain.Ticks() > 1, "the second tick");
    }

    [Fact]
    public async Task A_tick_waits_for_calls_unless_it_interleaves()
    {
        var other = fixture.Client.GetGrain<ITickerGrain>(ClusterFixture.NewKey());
        await _grain.Start(Short * 4, Short, interleave: false);
        await other.Start(Short * 4, Short, interleave: true);
        Task[] blocked = [_grain.Block(), other.Block()];
        await Eventually.True(async () => await other.Ticks() >= 1, "a tick that interleaves");
        var ticks = await _grain.Ticks();
        await Task.Delay(Short * 10, TimeProvider.System);
        Assert.Equal(ticks, await _grain.Ticks());

        await _grain.LetGo();
        await other.LetGo();

        await Eventually.Completes(Task.WhenAll(blocked), "the end of both calls");
        await Eventually.True(async () => await _grain.Ticks() > ticks, "the tick that waited");
    }
}
