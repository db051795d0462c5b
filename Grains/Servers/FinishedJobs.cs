using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace Shortline.Grains.Servers;

/// <summary>
/// Brings jobs from the thread pool back to the turn of their server's grain. The grain awaits <see cref="NextTurn"/>; handlers that return
/// before it continues share one turn. Allocates nothing.
/// </summary>
internal sealed class FinishedJobs : IValueTaskSource<bool>
{
    private readonly ConcurrentQueue<Job> _jobs = new();
    private ManualResetValueTaskSourceCore<bool> _turn = new() { RunContinuationsAsynchronously = true };
    private int _requested;
    private volatile bool _closed;

    /// <summary>Whether no finished job is here.</summary>
    public bool IsEmpty => _jobs.IsEmpty;

    /// <summary>Adds a job whose handler has returned. Safe from any thread.</summary>
    public void Add(Job job)
    {
        if (_closed)
            return;

        _jobs.Enqueue(job);
        RequestTurn();
    }

    /// <summary>Requests a turn, unless one is requested already. Safe from any thread.</summary>
    public void RequestTurn()
    {
        if (Interlocked.Exchange(ref _requested, 1) == 0)
            _turn.SetResult(true);
    }

    /// <summary>Completes when a turn is requested. Has one awaiter, which calls <see cref="BeginTurn"/> before it awaits again.</summary>
    public ValueTask<bool> NextTurn() => new(this, _turn.Version);

    /// <summary>Begins the requested turn. Jobs that are added from here on request another one.</summary>
    /// <returns>Whether there will be more turns.</returns>
    public bool BeginTurn()
    {
        _turn.Reset(); // first: a request that comes right after the next line completes the new turn
        Interlocked.Exchange(ref _requested, 0);
        return !_closed;
    }

    /// <summary>Takes the next finished job.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryTake([MaybeNullWhen(false)] out Job job) => _jobs.TryDequeue(out job);

    /// <summary>Ends the turns. Jobs that finish later are dropped.</summary>
    public void Close()
    {
        _closed = true;
        RequestTurn();
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _turn.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _turn.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _turn.OnCompleted(continuation, state, token, flags);
}
