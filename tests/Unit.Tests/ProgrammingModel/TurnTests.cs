namespace Shortline.Unit.Tests.ProgrammingModel;

public class TurnTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private readonly IProbeGrain _grain = fixture.Client.GetGrain<IProbeGrain>(ClusterFixture.NewKey());

    [Fact]
    public async Task An_await_comes_back_to_the_grain_and_Task_Run_leaves_it() =>
        Assert.Equal((true, true, false), await _grain.Schedulers());

    [Fact]
    public async Task A_grain_has_one_turn_at_a_time() => Assert.Equal(1, await _grain.Crowd(32));

    [Fact]
    public async Task A_grain_has_one_activation_however_many_call_it_first()
    {
        var key = ClusterFixture.NewKey();
        var entries = fixture.Entries().ToArray();

        var seen = await Task.WhenAll(Enumerable.Range(0, 60).Select(call =>
            Task.Run(async () => await entries[call % entries.Length].GetGrain<IProbeGrain>(key).Where())));

        Assert.Single(seen.Distinct());
    }

    [Fact]
    public async Task One_way_calls_of_one_caller_all_arrive()
    {
        for (var call = 0; call < 100; call++)
        {
            await _grain.Count();
        }

        await Time.Eventually.True(async () => await _grain.Counted() == 100, "100 one-way calls counted");
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_with_its_type()
    {
        Assert.Equal("a", (await Assert.ThrowsAsync<InvalidOperationException>(() => _grain.Fail("a"))).Message);
        Assert.Equal("b", (await Assert.ThrowsAsync<FormatException>(() => _grain.FailValue("b").AsTask())).Message);
    }

    [Fact]
    public async Task The_failure_of_a_one_way_call_is_not_seen()
    {
        await _grain.FailUnseen("nobody hears this");

        Assert.Equal(0, await _grain.Counted());
    }

    [Fact]
    public async Task A_cancelled_token_ends_the_call()
    {
        using var source = new CancellationTokenSource();
        var call = _grain.WaitFor(source.Token);
        await Task.Yield();
        Assert.False(call.IsCompleted);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Time.Eventually.Completes(call, "the end of a cancelled call"));
    }

    [Fact]
    public async Task References_travel_as_arguments_and_results()
    {
        var where = await _grain.Where();

        var passed = await fixture.Client.GetGrain<IProbeGrain>(ClusterFixture.NewKey()).Pass(_grain);
        var self = await passed.Self();

        Assert.Equal(where, await passed.Where());
        Assert.Equal(where, await self.Where());
        Assert.Equal(_grain, self);
    }

    [Fact]
    public async Task A_circle_of_calls_ends_in_the_response_timeout()
    {
        var other = fixture.Client.GetGrain<IProbeGrain>(ClusterFixture.NewKey());

        await Assert.ThrowsAsync<TimeoutException>(() => Time.Eventually.Completes(_grain.CallBack(other), "the end of a circle of calls"));
    }
}
