using Orleans;
using Orleans.Runtime;

namespace Shortline.Unit.Tests.ProgrammingModel;

public sealed class ProbeGrain(ILocalSiloDetails silo) : Grain, IProbeGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private int _counted;
    private int _inside;
    private int _most;

    public static System.Collections.Concurrent.ConcurrentQueue<string> Events { get; } = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Events.Enqueue($"{this.GetPrimaryKeyString()} activated");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Events.Enqueue($"{this.GetPrimaryKeyString()} {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public ValueTask<(Guid Activation, string Silo)> Where() => new((_activation, silo.Name));

    public async Task<(bool Continuation, bool FireAndForget, bool TaskRun)> Schedulers()
    {
        var own = TaskScheduler.Current;
        var forgotten = Forgotten(own);
        await Task.Yield();
        var continuation = TaskScheduler.Current == own;
        var taskRun = await Task.Run(() => TaskScheduler.Current == own);
        return (continuation && TaskScheduler.Current == own, await forgotten, taskRun);
    }

    public async Task<int> Crowd(int tasks)
    {
        await Task.WhenAll(Enumerable.Range(0, tasks).Select(_ => Enter()));
        return _most;
    }

    public async Task<int> Fail(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public ValueTask FailValue(string message) => throw new FormatException(message);

    public Task FailUnseen(string message) => throw new InvalidOperationException(message);

    public Task Count()
    {
        _counted++;
        return Task.CompletedTask;
    }

    public Task<int> Counted() => Task.FromResult(_counted);

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task WaitFor(CancellationToken cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);

    public Task<IProbeGrain> Pass(IProbeGrain other) => Task.FromResult(other);

    public Task<IProbeGrain> Self() => Task.FromResult(this.AsReference<IProbeGrain>());

    public async Task CallBack(IProbeGrain other) => await other.CallBack(this.AsReference<IProbeGrain>());

    private static async Task<bool> Forgotten(TaskScheduler own)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        return TaskScheduler.Current == own;
    }

    private async Task Enter()
    {
        for (var turn = 0; turn < 20; turn++)
        {
            _most = Math.Max(_most, Interlocked.Increment(ref _inside));
            Thread.SpinWait(200);
            Interlocked.Decrement(ref _inside);
            await Task.Yield();
        }
    }
}
