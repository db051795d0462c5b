using Orleans;
using Orleans.Runtime;
using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine.Network;

public class CallTests
{
    [Fact]
    public async Task All_who_call_a_grain_find_the_same_activation()
    {
        await using var processes = await SeveralProcesses.Start(2);
        var third = await processes.StartSilo();
        await processes.Agree(3);
        var callers = new[] { await processes.StartClient(), await processes.StartClient(), SeveralProcesses.Grains(third) };

        for (var grain = 0; grain < 30; grain++)
        {
            var key = ClusterFixture.NewKey();
            var places = await Task.WhenAll(callers.Select(caller => caller.GetGrain<IProbeGrain>(key).Where().AsTask()));
            Assert.Single(places.Distinct());
        }
    }

    [Fact]
    public async Task Grains_spread_over_the_processes()
    {
        await using var processes = await SeveralProcesses.Start(3);
        await processes.Agree(3);
        var client = await processes.StartClient();

        var places = await Task.WhenAll(Enumerable.Range(0, 90).Select(async _ => (await client.GetGrain<IProbeGrain>(ClusterFixture.NewKey()).Where()).Silo));

        Assert.Equal(["silo-0", "silo-1", "silo-2"], places.Distinct().Order());
        Assert.All(places.CountBy(place => place), count => Assert.InRange(count.Value, 10, 60));
    }

    [Fact]
    public async Task What_a_grain_throws_arrives()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var grain = (await processes.StartClient()).GetGrain<IProbeGrain>("a");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Fail("no"));

        Assert.Equal("no", exception.Message);
        Assert.Contains("ProbeGrain", exception.StackTrace, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FormatException>(() => grain.FailValue("no").AsTask());
    }

    [Fact]
    public async Task One_way_calls_arrive_and_nobody_hears_of_their_failure()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var grain = (await processes.StartClient()).GetGrain<IProbeGrain>("a");

        await grain.FailUnseen("no");
        await grain.Count();
        await grain.Count();

        await Eventually.True(async () => await grain.Counted() == 2, "two counted calls");
    }

    [Fact]
    public async Task A_token_that_is_cancelled_is_cancelled_in_the_grain()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var grain = (await processes.StartClient()).GetGrain<IProbeGrain>("a");
        using var cancellation = new CancellationTokenSource();
        var waiting = grain.WaitFor(cancellation.Token);
        Assert.False(waiting.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Completes(waiting, "the end of a cancelled call"));

        // It takes one call at a time: this one starts when the cancelled one has ended there too.
        await Eventually.Completes(grain.Counted(), "a call after it");
    }

    [Fact]
    public async Task References_travel()
    {
        await using var processes = await SeveralProcesses.Start(2);
        await processes.Agree(2);
        var client = await processes.StartClient();
        var (first, second) = (client.GetGrain<IProbeGrain>("a"), client.GetGrain<IProbeGrain>("b"));

        Assert.Equal("b", (await first.Pass(second)).GetPrimaryKeyString());
        Assert.Equal(await first.Where(), await (await first.Self()).Where());
        Assert.Equal(await second.Where(), await (await first.Pass(second)).Where());
    }

    [Fact]
    public async Task An_inherited_interface_finds_its_own_class()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var grain = (await processes.StartClient()).GetGrain<IReentrantGateGrain>("a");

        Task[] inside = [grain.Write(), grain.Write()];

        await Eventually.True(async () => (await grain.Inside()).Writes == 2, "two writes inside");
        await grain.Open();
        await Task.WhenAll(inside);
    }

    [Fact]
    public async Task Calls_from_many_threads_all_come_back()
    {
        await using var processes = await SeveralProcesses.Start(2);
        await processes.Agree(2);
        var client = await processes.StartClient();
        var grains = Enumerable.Range(0, 20).Select(number => client.GetGrain<IProbeGrain>($"{number}")).ToArray();

        await Parallel.ForAsync(0, 5000, async (number, _) => await grains[number % grains.Length].Where());
    }

    [Fact]
    public async Task State_is_found_by_a_grain_that_lives_elsewhere_now()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var grain = (await processes.StartClient()).GetGrain<IRecordGrain>("a");
        await grain.Save(7);
        var others = new[] { await processes.StartSilo(), await processes.StartSilo() };
        await processes.Agree(3);

        foreach (var other in others)
        {
            Assert.Equal((7, true), await SeveralProcesses.Grains(other).GetGrain<IRecordGrain>("a").Read());
        }
    }

    [Fact]
    public async Task A_new_cluster_of_an_old_name_finds_nothing_stored()
    {
        await using var processes = new SeveralProcesses();
        var first = await processes.StartSilo();
        await SeveralProcesses.Grains(first).GetGrain<IRecordGrain>("a").Save(7);
        processes.Kill(first);

        var second = await processes.StartSilo();

        Assert.Equal((0, false), await SeveralProcesses.Grains(second).GetGrain<IRecordGrain>("a").Read());
    }

    [Fact]
    public async Task A_management_grain_knows_the_silos_of_all_processes()
    {
        await using var processes = await SeveralProcesses.Start(3);
        await processes.Agree(3);

        var hosts = await (await processes.StartClient()).GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);

        Assert.Equal(3, hosts.Count);
        Assert.All(hosts.Values, status => Assert.Equal(SiloStatus.Active, status));
    }

    [Fact]
    public async Task A_caller_that_blocks_where_its_result_was_read_holds_up_nobody()
    {
        await using var processes = await SeveralProcesses.Start(1);
        var client = await processes.StartClient();
        var grain = client.GetGrain<IProbeGrain>("a");

        var blocking = Task.Run(async () =>
        {
            await grain.Where().ConfigureAwait(false);
            return grain.Where().AsTask().Wait(TimeSpan.FromSeconds(10));
        });

        Assert.True(await Eventually.Completes(blocking, "the end of a caller that blocks"));
    }
}
