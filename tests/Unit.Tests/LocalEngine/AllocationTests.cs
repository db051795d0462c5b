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
        await CallForValue(grain);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await CallForValue(grain);

        // The turn's own Task; the call itself is used again.
        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / Calls, 0, 96);
    }

    [Fact]
    public async Task A_call_that_returns_a_Task_costs_less_than_300_bytes()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<ISettledGrain>();
        await CallForCompletion(grain);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await CallForCompletion(grain);

        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / Calls, 0, 300);
    }

    // Allocations are counted over all threads, since a call runs on several; nothing else runs beside these tests.
    private static async Task CallForValue(ISettledGrain grain)
    {
        for (var call = 0; call < Calls; call++)
        {
            await grain.Where();
        }
    }

    private static async Task CallForCompletion(ISettledGrain grain)
    {
        for (var call = 0; call < Calls; call++)
        {
            await grain.Touch();
        }
    }
}
