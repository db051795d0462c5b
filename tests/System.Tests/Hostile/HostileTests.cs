using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Hostile;

/// <summary>A gateway under all attacks, one after the other. <c>bench hostile</c> runs them longer, and measures.</summary>
public sealed class HostileTests
{
    private const double GoodRate = 300;
    private const double FloodRate = 20_000;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task Good_clients_are_answered_under_every_attack_and_nothing_is_left_of_it()
    {
        await using var fleet = await Fleet.Start();
        using var good = new LoadDriver(new LoadSettings { Gateways = [fleet.Gateway], Clients = 2, Rate = GoodRate, TimeoutMs = 10_000 });
        var run = good.RunAsync(CancellationToken.None);
        await Until(() => good.Snapshot().Of(ResponseStatus.Ok) > GoodRate, () => "good requests are answered", fleet);
        var before = ProcessSize.Of(fleet.Silo.Id);

        foreach (var attack in Attack.All)
        {
            using var end = new CancellationTokenSource(Length, TimeProvider.System);
            var sent = await attack.Run(fleet.Gateway, FloodRate, end.Token);
            Assert.True(sent > 0, $"{attack}: nothing was sent.\n{fleet.Silo.Describe()}");
        }

        // Connections that the attackers have left end by themselves.
        await Until(
            () => ProcessSize.Of(fleet.Silo.Id).Handles <= before.Handles + 10,
            () => $"the handles are as before: {before}, now {ProcessSize.Of(fleet.Silo.Id)}",
            fleet);
        good.Paused = true;
        await Until(() => good.Snapshot() is { InFlight: 0 } now && now.Started == now.Ended, () => "every good request has ended", fleet);
        var last = good.Snapshot();
        Assert.True(
            last.Of(ResponseStatus.Ok) == last.Started,
            $"{last.Of(ResponseStatus.Ok)} of {last.Started} good requests were answered ok; first error: {last.FirstError}\n{fleet.Silo.Describe()}");
        good.Dispose();
        await run.WaitAsync(ProgramProcess.Limit, TimeProvider.System);
    }

    private static async Task Until(Func<bool> condition, Func<string> what, Fleet fleet)
    {
        using var limit = new CancellationTokenSource(ProgramProcess.Limit, TimeProvider.System);
        while (!condition())
        {
            if (limit.IsCancellationRequested)
                Assert.Fail($"Not within {ProgramProcess.Limit.TotalSeconds} s: {what()}.\n{fleet.Silo.Describe()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
