using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>An object that grains call through a reference: held weakly, called one call at a time, in order, on the thread pool.</summary>
internal sealed class ObserverTarget(Party owner, IGrainObserver observer, GrainId id) : CallTarget, IThreadPoolWorkItem
{
    /// <summary>The kind of all observers, in their ids.</summary>
    public const string Kind = "observer";

    private const int InCall = 0;
    private const int CallReturned = 1;
    private const int CallFinished = 2;

    private readonly WeakReference<IGrainObserver> _observer = new(observer);
    private readonly ConcurrentQueue<Call> _inbox = new();
    private int _isScheduled;
    private int _state;
    private volatile bool _isDeleted;

    public override Party Owner => owner;

    public override bool IsObserver => true;

    public override bool IsGone => _isDeleted || owner.IsDead;

    public void Delete() => _isDeleted = true;

    public override void Receive(Call call)
    {
        call.Target = this;
        _inbox.Enqueue(call);
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    /// <summary>The call may end before or after <see cref="WorkItem.Run"/> has returned: whoever comes second goes on.</summary>
    public override void Finished(Interleaving interleaving, bool countsAsUse = true)
    {
        if (Interlocked.Exchange(ref _state, CallFinished) == CallReturned)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    public override Exception Lost() => new ClientNotAvailableException($"Observer {id} is gone.");

    public override string Describe() => $"{_inbox.Count} waiting there, an observer in {owner.Label}";

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            while (_inbox.TryDequeue(out var call))
            {
                if (!Run(call))
                {
                    return;
                }
            }

            Interlocked.Exchange(ref _isScheduled, 0);
        }
        while (!_inbox.IsEmpty && Interlocked.Exchange(ref _isScheduled, 1) == 0);
    }

    /// <returns>Whether the call has ended.</returns>
    private bool Run(Call call)
    {
        if (call.IsAbandoned)
        {
            return true;
        }

        if (IsGone || !_observer.TryGetTarget(out var target))
        {
            owner.Forget(id);
            _isDeleted = true;
            call.TryFail(Lost());
            return true;
        }

        Volatile.Write(ref _state, InCall);
        call.Run(target, this);
        return Interlocked.Exchange(ref _state, CallReturned) == CallFinished;
    }
}
