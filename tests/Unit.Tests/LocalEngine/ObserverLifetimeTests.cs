using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using Orleans.Utilities;
using Shortline.Unit.Tests.ProgrammingModel;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine;

public class ObserverLifetimeTests
{
    [Fact]
    public async Task An_observer_that_nobody_keeps_is_gone()
    {
        await using var cluster = await ManualCluster.Start();
        var reference = CreateUnkept(cluster.Client);
        var grain = cluster.NewGrain<INewsGrain>();
        await Eventually.True(
            async () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                try
                {
                    await grain.Ask(reference, 1);
                    return false;
                }
                catch (ClientNotAvailableException)
                {
                    return true;
                }
            },
            "the collection of an observer that nobody keeps");
    }

    [Fact]
    public async Task A_lease_that_runs_out_is_removed()
    {
        var clock = new ManualTimeProvider();
        var observers = new ObserverManager<string, string>(TimeSpan.FromMinutes(1), NullLogger.Instance)
        {
            GetDateTime = () => clock.GetUtcNow().UtcDateTime,
        };
        observers.Subscribe("a", "old");
        clock.Advance(TimeSpan.FromSeconds(50));
        observers.Subscribe("b", "new");
        clock.Advance(TimeSpan.FromSeconds(50));
        List<string> told = [];

        await observers.Notify(observer =>
        {
            told.Add(observer);
            return Task.CompletedTask;
        });

        Assert.Equal(["new"], told);
        Assert.Equal(1, observers.Count);
    }

    [Fact]
    public async Task An_observer_that_fails_is_removed()
    {
        var observers = new ObserverManager<string, string>(TimeSpan.FromMinutes(1), NullLogger.Instance);
        observers.Subscribe("a", "bad");
        observers.Subscribe("b", "good");

        await observers.Notify(observer => observer == "bad" ? throw new InvalidOperationException() : Task.CompletedTask);

        List<string> left = [];
        await observers.Notify(observer =>
        {
            left.Add(observer);
            return Task.CompletedTask;
        });
        Assert.Equal(["good"], left);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static INewsReader CreateUnkept(IGrainFactory client) => client.CreateObjectReference<INewsReader>(new Unkept());

    private sealed class Unkept : INewsReader
    {
        public Task Read(int number) => Task.CompletedTask;

        public Task<int> Answer(int number) => Task.FromResult(number);
    }
}
