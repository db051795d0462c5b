using Shortline.Unit.Tests.ProgrammingModel;

namespace Shortline.Unit.Tests.LocalEngine;

[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests
{
    private const int Calls = 20_000;

    [Fact]
    public async Task A_call_that_returns_a_ValueTask_costs_one_small_object()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<ISettledGrain>();

        // The turn's own Task; the call itself is used again.
        Assert.InRange(await BytesPerCall(async () => await grain.Where()), 0, 128);
    }

    [Fact]
    public async Task A_call_that_returns_a_Task_costs_less_than_a_third_of_what_it_costs_in_Orleans()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IGateGrain>();

        // With the grain's own 88 bytes for a completed Task<T> of this size.
        Assert.InRange(await BytesPerCall(async () => await grain.Inside()), 0, 400);
    }

    /// <summary>Over all threads, since a call runs on several: nothing else runs beside these tests.</summary>
    private static async Task<long> BytesPerCall(Func<Task> call)
    {
        await Repeat(call);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Repeat(call);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls - LoopBytes;
    }

    /// <summary>What one turn of the loop allocates itself: the state of the lambda that awaits, and its Task.</summary>
    private const long LoopBytes = 0;

    private static async Task Repeat(Func<Task> call)
    {
        for (var count = 0; count < Calls; count++)
        {
            await call();
        }
    }
}
