using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// One call of one grain method: addressed, typed, with its arguments as fields. The proxy of the interface makes it
/// (<see cref="ProxyBuilder"/> emits one class per method), the target runs it, and the first of response, timeout, cancellation and
/// loss of the silo ends it.
/// </summary>
internal abstract partial class Call : WorkItem
{
    private int _claimed;
    private CancellationTokenRegistration _cancellation;

    /// <summary>What is called.</summary>
    public GrainMethod Method { get; private set; } = null!;

    /// <summary>Who is called.</summary>
    public GrainId GrainId { get; private set; }

    /// <summary>Who calls.</summary>
    public Party Caller { get; private set; } = null!;

    /// <summary>Where it was sent last.</summary>
    public CallTarget? Target { get; set; }

    /// <summary>When it times out, on the caller's clock.</summary>
    public long Deadline { get; private set; }

    /// <summary>Neighbours among the caller's outstanding calls, or in a pool.</summary>
    internal Call? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    internal Call? Next { get; set; }

    /// <summary>Which of the caller's lists it is in; -1 if none.</summary>
    internal int Shard { get; set; } = -1;

    public sealed override Interleaving Interleaving => Method.Interleaving;

    public sealed override string Name => Method.Name;

    public sealed override bool IsAbandoned => Volatile.Read(ref _claimed) != 0;

    /// <summary>Fills in the address. A call that expects a response is watched from here on.</summary>
    public void Begin(GrainMethod method, GrainId grainId, Party caller, CancellationToken cancellation)
    {
        Method = method;
        GrainId = grainId;
        Caller = caller;
        if (method.IsOneWay)
        {
            return;
        }

        Deadline = caller.DeadlineOf(method);
        caller.Outstanding.Add(this);
        if (cancellation.CanBeCanceled)
        {
            _cancellation = cancellation.UnsafeRegister(
                static (call, token) => ((Call)call!).TryFail(new OperationCanceledException(token)), this);
        }
    }

    /// <summary>Ends the call with an exception unless it has ended.</summary>
    public void TryFail(Exception exception)
    {
        if (TryClaim())
        {
            MayRecycle = false;
            StopWaiting(exception);
            if (Origin is { } origin)
            {
                origin.AnswerFailure(OriginNumber, exception);
            }
            else
            {
                SetException(exception);
            }
        }
    }

    /// <summary>Whether the target alone knows the call still, so that it can be used again once its result was read.</summary>
    protected bool MayRecycle { get; private set; } = true;

    /// <summary>Makes this the one that ends the call.</summary>
    protected bool TryClaim()
    {
        if (Interlocked.Exchange(ref _claimed, 1) != 0)
        {
            return false;
        }

        if (Shard >= 0)
        {
            Caller.Outstanding.Remove(this);
        }

        if (_cancellation != default)
        {
            // A callback may still hold the call: leave it to the garbage collector.
            MayRecycle = false;
            _cancellation.Unregister();
        }

        return true;
    }

    /// <summary>Makes it as new.</summary>
    protected void Reset()
    {
        Target = null;
        Caller = null!;
        _travel = null;
        Volatile.Write(ref _claimed, 0);
    }

    /// <summary>Tells the caller what went wrong.</summary>
    protected abstract void SetException(Exception exception);
}
