using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.ProgrammingModel;

public class InterleavingTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task Calls_wait_for_each_other()
    {
        var grain = fixture.Client.GetGrain<IGateGrain>(ClusterFixture.NewKey());
        List<Task> calls = [grain.Write()];
        await Inside(grain, (1, 0, 0));
        calls.Add(grain.Write());
        calls.Add(grain.Read());
        await grain.Inside();
        await Inside(grain, (1, 0, 0));

        await grain.Open();

        await Eventually.Completes(Task.WhenAll(calls), "all calls done");
    }

    [Fact]
    public async Task Read_only_calls_interleave_with_their_like_alone()
    {
        var grain = fixture.Client.GetGrain<IGateGrain>(ClusterFixture.NewKey());
        List<Task> calls = [grain.Read(), grain.Read()];
        await Inside(grain, (0, 2, 0));
        calls.Add(grain.Write());
        await grain.Inside();
        await Inside(grain, (0, 2, 0));

        await grain.Open();

        await Eventually.Completes(Task.WhenAll(calls), "all calls done");
    }

    [Fact]
    public async Task What_always_interleaves_does_so_with_anything()
    {
        var grain = fixture.Client.GetGrain<IGateGrain>(ClusterFixture.NewKey());
        Task[] calls = [grain.Write(), grain.Look(), grain.Look()];
        await Inside(grain, (1, 0, 2));

        await grain.Open();

        await Eventually.Completes(Task.WhenAll(calls), "all calls done");
    }

    [Fact]
    public async Task All_calls_of_a_reentrant_class_interleave()
    {
        var grain = fixture.Client.GetGrain<IReentrantGateGrain>(ClusterFixture.NewKey());
        Task[] calls = [grain.Write(), grain.Write(), grain.Read()];
        await Inside(grain, (2, 1, 0));

        await grain.Open();

        await Eventually.Completes(Task.WhenAll(calls), "all calls done");
    }

    private static Task Inside(IGateGrain grain, (int Writes, int Reads, int Looks) expected) =>
        Eventually.True(async () => await grain.Inside() == expected, $"{expected} calls inside (writes, reads, looks)");
}
