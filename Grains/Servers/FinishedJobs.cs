using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace Shortline.Grains;

/// <summary>
/// The way from the thread pool back to the server's turn. Whoever awaits <see cref="NextTurn"/> on that turn goes on there; however many
/// handlers return before it does, they share it. Allocates nothing.
/// </summary>
internal sealed class FinishedJobs : IValueTaskSource<bool>
{
    private readonly ConcurrentQueue<Job> _jobs = new();
    private ManualResetValueTaskSourceCore<bool> _turn = new() { RunContinuationsAsynchronously = true };
    private int _requested;
    private volatile bool _closed;

    /// <summary>Whether there is something to take.</summary>
    public bool IsEmpty => _jobs.IsEmpty;

    /// <summary>Takes a job whose handler has returned. From any thread.</summary>
    public void Add(Job job)
    {
        if (_closed)
            return;

        _jobs.Enqueue(job);
        RequestTurn();
    }

    /// <summary>Asks for a turn, if none is on its way. From any thread.</summary>
    public void RequestTurn()
    {
        if (Interlocked.Exchange(ref _requested, 1) == 0)
            _turn.SetResult(true);
    }

    /// <summary>Completes when a turn is asked for. For one awaiter, which calls <see cref="BeginTurn"/> before it awaits again.</summary>
    public ValueTask<bool> NextTurn() => new(this, _turn.Version);

    /// <summary>The turn has come: what is added from here on asks for another.</summary>
    /// <returns>Whether there will be more turns.</returns>
    public bool BeginTurn()
    {
        _turn.Reset(); // first: a request that comes right after the next line completes the new turn
        Interlocked.Exchange(ref _requested, 0);
        return !_closed;
    }

    /// <summary>The next job, if there is one.</summary>
    public bool TryTake([MaybeNullWhen(false)] out Job job) => _jobs.TryDequeue(out job);

    /// <summary>Nobody waits for jobs any more.</summary>
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
