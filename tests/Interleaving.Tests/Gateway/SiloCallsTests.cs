using Shortline.Gateway.HandOver;
using Shortline.Interleaving.Tests.Exploration;

namespace Shortline.Interleaving.Tests.Gateway;

/// <summary>Threads add senders while the loop takes them and falls asleep, and while other calls take over.</summary>
public sealed class SiloCallsTests
{
    [Fact]
    public void A_sender_that_is_added_while_the_loop_falls_asleep_is_taken_once() => Schedules.Explore(() =>
    {
        var (loop, senders) = (new Loop(), Senders(4));
        Operations.Start(
            () => loop.Add(senders[0]),
            () => loop.Add(senders[1], senders[2]),
            () => loop.Add(senders[3]));
        Operations.Join();
        AssertTakenOnce(senders, loop);
    });

    [Fact]
    public void A_sender_that_is_added_while_other_calls_take_over_is_taken_once() => Schedules.Explore(() =>
    {
        var (first, second, senders) = (new Loop(), new Loop(), Senders(4));
        Operations.Start(
            () => first.Add(senders[0]),
            () => first.Add(senders[1], senders[2]),
            () => first.Calls.End(second.Calls),
            () => second.Add(senders[3]));
        Operations.Join();
        AssertTakenOnce(senders, first, second);
        Assert.True(first.HasEnded, "The loop that was replaced ends.");
    });

    [Fact]
    public void A_sender_is_taken_once_when_calls_take_over_from_each_other() => Schedules.Explore(() =>
    {
        var (first, second, third, senders) = (new Loop(), new Loop(), new Loop(), Senders(2));
        Operations.Start(
            () => first.Add(senders[0]),
            () => second.Add(senders[1]),
            () => first.Calls.End(second.Calls),
            () => second.Calls.End(third.Calls));
        Operations.Join();
        AssertTakenOnce(senders, first, second, third);
        Assert.True(first.HasEnded && second.HasEnded, "The loops that were replaced end.");
    });

    [Fact]
    public void The_loop_ends_when_the_silo_has_no_servers() => Schedules.Explore(() =>
    {
        var (loop, senders) = (new Loop(), Senders(1));
        Operations.Start(
            () => loop.Add(senders[0]),
            () => loop.Calls.End(successor: null));
        Operations.Join();
        Assert.True(loop.HasEnded);
    });

    private static BatchSender[] Senders(int count) => [.. Enumerable.Range(0, count).Select(_ => new BatchSender(null!))];

    private static void AssertTakenOnce(BatchSender[] senders, params Loop[] loops)
    {
        var taken = loops.SelectMany(loop => loop.Taken).ToList();
        Assert.Equal(senders.Select(_ => 1), senders.Select(sender => taken.Count(each => each == sender)));
    }

    /// <summary>The loop of <see cref="GrainCalls"/>, without the calls.</summary>
    private sealed class Loop
    {
        private readonly Task _run;

        public Loop() => _run = Run();

        public SiloCalls Calls { get; } = new();

        public List<BatchSender> Taken { get; } = [];

        public bool HasEnded => _run.IsCompletedSuccessfully;

        public void Add(params BatchSender[] senders)
        {
            foreach (var sender in senders)
                Calls.Add(sender);
            Calls.Wake();
        }

        private async Task Run()
        {
            while (!Calls.IsEnded)
            {
                await Calls.WaitAsync().ConfigureAwait(false);
                while (!Calls.IsEnded && Calls.TryTake(out var sender))
                    Taken.Add(sender);
            }
        }
    }
}
