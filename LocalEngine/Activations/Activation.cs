using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// A grain in memory: an inbox that any thread fills, and turns that one thread at a time takes out of it. A turn starts a call or a
/// tick, or continues one after an <c>await</c>.
/// </summary>
internal sealed partial class Activation : CallTarget, IGrainContext, IThreadPoolWorkItem
{
    /// <summary>Turns after which other activations get the thread. Large enough that the hand-over does not show.</summary>
    private const int TurnsInARow = 256;

    [ThreadStatic]
    private static Activation? _current;

    [ThreadStatic]
    private static Activation? _constructing;

    private readonly ConcurrentQueue<object> _inbox = new();
    private readonly ActivationScheduler _scheduler;
    private readonly IServiceScope _services;
    private int _isScheduled;
    private int _turnsLeft;

    public Activation(LocalSilo silo, GrainId grainId, GrainClass @class)
    {
        Silo = silo;
        GrainId = grainId;
        Class = @class;
        _scheduler = new ActivationScheduler(this);
        _services = silo.ServiceProvider.CreateScope();
        _lastUsed = silo.Now;
        (_shortRun, _mostDebt) = (silo.Time.TimestampFrequency / ShortRunsPerSecond, silo.Time.TimestampFrequency / MostDebtsPerSecond);
        _debt = _mostDebt;
    }

    /// <summary>The activation whose turn this thread runs.</summary>
    public static Activation? Current => _current;

    /// <summary>The activation whose grain this thread constructs.</summary>
    public static Activation? Constructing => _constructing;

    public LocalSilo Silo { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => _services.ServiceProvider;

    public override Party Owner => Silo;

    public override void Receive(Call call)
    {
        call.Target = this;
        if (!TryRunOnCaller(call))
        {
            Enqueue(call);
        }
    }

    /// <summary>Takes a call, a tick, a continuation or an <see cref="Action"/>.</summary>
    public void Enqueue(object work)
    {
        _inbox.Enqueue(work);
        if (Volatile.Read(ref _isScheduled) == 0 && Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        _poolContext ??= ExecutionContext.Capture();
        Run(TurnsInARow);
    }

    private void Run(int turns)
    {
        var began = Silo.Time.GetTimestamp();
        if (began > Silo.LeaseUntil)
        {
            // This process was stopped for a while: is the silo still alive?
            Silo.RenewLease();
        }

        var sending = Connection.TimeSending;
        _turnsLeft = turns;
        _current = this;
        _scheduler.Run(new Task(static activation => ((Activation)activation!).RunTurns(), this));
        _current = null;

        // To send costs more than a short turn, and is not the grain's: where somebody else calls, it is not done here.
        Charge(Silo.Time.GetTimestamp() - began - (Connection.TimeSending - sending));
        Interlocked.Exchange(ref _isScheduled, 0);
        if (!_inbox.IsEmpty && Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void RunTurns()
    {
        for (; _turnsLeft > 0 && _inbox.TryDequeue(out var work); _turnsLeft--)
        {
            if (Silo.IsDead)
            {
                // The silo was killed: nothing of it runs on. Its callers were told.
                Reroute(work as Call);
                continue;
            }

            switch (work)
            {
                case WorkItem item:
                    Accept(item);
                    break;
                case Task continuation:
                    _scheduler.RunQueued(continuation);
                    break;
                case Action action:
                    action();
                    break;
            }

            StartWaiting();
        }
    }
}
