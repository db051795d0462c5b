using System.Collections.Concurrent;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.HandOver;

/// <summary>
/// The traffic between a gateway and the servers of its own process: calls to make, and responses that such servers push. Threads of the
/// pool do it, so that a handler that takes long does not keep the gateway from receiving.
/// </summary>
/// <remarks>
/// A thread makes the calls to many servers one after the other and sends their answers together. More threads help while there is more work
/// than one does in <see cref="LocalRun.LongMicroseconds"/>, as many as there are processors, and whenever a handler does not return.
/// Short calls are made by the thread that receives (<see cref="LocalRun.CallAll"/>). Thread-safe.
/// </remarks>
internal sealed class LocalWork(Dispatcher dispatcher, ILocalServers servers, GrainCalls calls, Clock clock) : IGatewayObserver
{
    private readonly ConcurrentQueue<BatchSender> _calls = new();
    private readonly ConcurrentQueue<ResponseBatch> _responses = new();
    private readonly Lock _lock = new();
    private readonly Stack<LocalRun> _idle = new();
    private readonly List<LocalRun> _busy = [];

    /// <summary>The runs of threads that receive.</summary>
    private readonly List<LocalRun> _receiving = [];
    private readonly List<LocalRun> _looked = [];
    private int _threads;

    /// <summary>How many of the threads were found stuck at the last look.</summary>
    private int _stuck;

    /// <summary>Threads of the pool that work without a server that hangs, at most.</summary>
    public static int UsualThreads { get; } = Environment.ProcessorCount;

    /// <summary>Threads that work at present.</summary>
    public int Threads => Volatile.Read(ref _threads);

    public ILocalServers Servers => servers;

    /// <summary>Whether work waits for a thread.</summary>
    public bool IsWaiting => !_calls.IsEmpty || !_responses.IsEmpty;

    /// <summary>Adds calls. Not under a lock, because a thread may begin with them at once.</summary>
    public void Add(List<BatchSender> calls)
    {
        foreach (var call in calls)
            _calls.Enqueue(call);
        Start();
    }

    /// <summary>Adds a call for the thread that calls this from its run.</summary>
    public void AddNext(BatchSender call) => _calls.Enqueue(call);

    /// <summary>Takes responses of a server of this process, on that server's turn.</summary>
    public Task OnResponses(ResponseBatch responses)
    {
        _responses.Enqueue(responses);
        Start();
        return Task.CompletedTask;
    }

    /// <summary>Rankings take another way.</summary>
    public Task OnRanking(ServerRanking ranking) => Task.CompletedTask;

    /// <summary>Makes the grain call for which a batch has been taken, because the server is busy with another call.</summary>
    public async Task CallGrain(BatchSender sender)
    {
        await calls.Call(sender).ConfigureAwait(false);
        if (dispatcher.MustCallAgain(sender))
            Add([sender]);
    }

    /// <summary>Makes a run for a thread that receives, which is watched until it is stuck.</summary>
    public LocalRun CreateRun()
    {
        var run = new LocalRun(this, dispatcher, clock);
        lock (_lock)
            _receiving.Add(run);
        return run;
    }

    /// <summary>Gets a thread for work that was added on a thread that receives.</summary>
    public void StartIfWaiting()
    {
        if (IsWaiting)
            Start();
    }

    /// <summary>Gets a thread for the work that waits, unless one is there.</summary>
    private void Start()
    {
        var stuck = Volatile.Read(ref _stuck);
        if (Volatile.Read(ref _threads) <= stuck)
            AddThread(most: stuck + 1);
    }

    /// <summary>Adds a thread, unless there are as many as that. The caller has more work than one thread does soon.</summary>
    public void AddThread(int most)
    {
        var threads = Volatile.Read(ref _threads);
        if (threads >= most || Interlocked.CompareExchange(ref _threads, threads + 1, threads) != threads)
            return;

        LocalRun run;
        lock (_lock)
        {
            if (!_idle.TryPop(out run!))
                run = new LocalRun(this, dispatcher, clock);
            _busy.Add(run);
        }

        ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);
    }

    /// <summary>Takes the next piece of work.</summary>
    /// <param name="sender">The call to make; null if <paramref name="responses"/> are to be settled.</param>
    /// <param name="responses">The responses.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(out BatchSender? sender, out ResponseBatch responses)
    {
        sender = null;
        return _responses.TryDequeue(out responses) || _calls.TryDequeue(out sender);
    }

    /// <summary>Takes a run back whose thread has found no more work.</summary>
    public void End(LocalRun run)
    {
        lock (_lock)
        {
            _busy.Remove(run);
            _idle.Push(run);
            if (run.CountsAsStuck)
                _stuck--;
            run.CountsAsStuck = false;
        }

        // First the count, then the look: who adds work looks at the count after adding it.
        Interlocked.Decrement(ref _threads);
        if (IsWaiting)
            Start();
    }

    /// <summary>
    /// Finds runs that have not moved on since the last look, because the handler of a server does not return. Sends the answers that they
    /// hold, and lets another thread do the work that waits. Called every few milliseconds.
    /// </summary>
    public void Look()
    {
        _looked.Clear();
        lock (_lock)
        {
            for (var i = _receiving.Count - 1; i >= 0; i--)
            {
                if (!_receiving[i].HasNotMoved())
                    continue;
                _looked.Add(_receiving[i]);
                _receiving.RemoveAt(i);
            }

            foreach (var run in _busy)
            {
                var isStuck = run.HasNotMoved();
                _stuck += (isStuck ? 1 : 0) - (run.CountsAsStuck ? 1 : 0);
                run.CountsAsStuck = isStuck;
                if (isStuck)
                    _looked.Add(run);
            }
        }

        foreach (var run in _looked)
        {
            run.SendAnswers();
            if (run.OnStuck is null)
                continue;
            Add(run.TakeOwn());
            run.OnStuck();
        }

        if (IsWaiting)
            Start();
    }
}
