using Orleans;
using Orleans.Runtime;

namespace Shortline.Unit.Tests.ProgrammingModel;

public sealed class TickerGrain : Grain, ITickerGrain
{
    private IGrainTimer? _timer;
    private TaskCompletionSource _go = Released();
    private int _ticks;

    public Task Start(TimeSpan due, TimeSpan period, bool interleave)
    {
        _timer = this.RegisterGrainTimer(
            async (state, cancellation) =>
            {
                _ticks += state;
                await _go.Task.WaitAsync(cancellation);
            },
            1,
            new GrainTimerCreationOptions { DueTime = due, Period = period, Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task Hold()
    {
        _go = new TaskCompletionSource();
        return Task.CompletedTask;
    }

    public Task LetGo()
    {
        _go.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Block()
    {
        _go = new TaskCompletionSource();
        return _go.Task;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    private static TaskCompletionSource Released()
    {
        var released = new TaskCompletionSource();
        released.SetResult();
        return released;
    }
}
