using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine;

public class TimeoutTests
{
    [Fact]
    public async Task A_call_without_a_response_ends_at_the_response_timeout()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IGateGrain>();
        var running = grain.Write();
        await Eventually.True(async () => (await grain.Inside()).Writes == 1, "the call inside");

        cluster.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(running.IsCompleted);
        cluster.Clock.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Completes(running, "the timeout"));
    }

    [Fact]
    public async Task The_message_says_who_was_called_and_what_it_waited_for()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IGateGrain>();
        _ = grain.Write();
        await Eventually.True(async () => (await grain.Inside()).Writes == 1, "the first call inside");
        var waiting = grain.Read();
        await grain.Inside();
        cluster.Clock.Advance(TimeSpan.FromSeconds(31));

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Completes(waiting, "the timeout"));

        Assert.Contains($"IGateGrain.Read of {grain}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("00:00:30", exception.Message, StringComparison.Ordinal);
        Assert.Contains("1 waiting there, 1 running", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_timed_out_while_it_waited_does_not_run()
    {
        await using var cluster = await ManualCluster.Start();
        var grain = cluster.NewGrain<IGateGrain>();
        var first = grain.Write();
        var second = grain.Write();
        await Eventually.True(async () => (await grain.Inside()).Writes == 1, "the first call inside");
        cluster.Clock.Advance(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Completes(first, "the first timeout"));
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Completes(second, "the second timeout"));

        await grain.Open();

        await Eventually.True(async () => (await grain.Inside()).Writes == 0, "the first call gone");
        await Eventually.Completes(grain.Write(), "a later call");
    }
}
