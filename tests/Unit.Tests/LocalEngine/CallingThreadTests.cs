using System.Runtime.ExceptionServices;

namespace Shortline.Unit.Tests.LocalEngine;

public class CallingThreadTests
{
    // A new activation may have been slow for 5,000 short runs.
    private const int Enough = 6_000;

    [Fact]
    public async Task A_short_turn_runs_on_the_calling_thread_if_that_is_not_of_the_pool()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IThreadGrain>();

        OnThreadOfItsOwn(() =>
        {
            CallOften(grain);
            var call = grain.Thread();

            Assert.True(call.IsCompletedSuccessfully);
            Assert.Equal(Environment.CurrentManagedThreadId, call.Result);
        });
    }

    [Fact]
    public async Task A_thread_of_the_pool_hands_its_call_over()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IThreadGrain>();
        OnThreadOfItsOwn(() => CallOften(grain));

        // While this thread waits here it has no turn of the grain.
        await Task.Run(() => Assert.NotEqual(Environment.CurrentManagedThreadId, Result(grain.Thread())));
    }

    [Fact]
    public async Task After_a_long_turn_the_pool_has_the_next_ones()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IThreadGrain>();

        OnThreadOfItsOwn(() =>
        {
            CallOften(grain);
            var slow = grain.Take(TimeSpan.FromMilliseconds(1));
            Assert.Equal(Environment.CurrentManagedThreadId, Result(slow));

            Assert.NotEqual(Environment.CurrentManagedThreadId, Result(grain.Thread()));
        });
    }

    [Fact]
    public async Task Ambient_values_of_the_caller_do_not_reach_the_grain_nor_those_of_the_grain_the_caller()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IThreadGrain>();

        OnThreadOfItsOwn(() =>
        {
            CallOften(grain);
            ThreadGrain.Ambient.Value = "the caller's";
            var call = grain.ExchangeAmbient("the grain's");

            Assert.True(call.IsCompletedSuccessfully);
            Assert.Null(call.Result);
            Assert.Equal("the caller's", ThreadGrain.Ambient.Value);
        });
    }

    private static void CallOften(IThreadGrain grain)
    {
        for (var call = 0; call < Enough; call++)
        {
            Result(grain.Thread());
        }
    }

    private static int Result(ValueTask<int> call) => call.AsTask().GetAwaiter().GetResult();

    private static void OnThreadOfItsOwn(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
