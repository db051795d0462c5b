using System.Diagnostics.CodeAnalysis;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Gateway.HandOver;

/// <summary>
/// One thread's part in <see cref="LocalWork"/>, with the answers that it collects. Either a thread of the pool, or one that receives requests
/// and makes short calls to servers of this process itself: that saves the change of thread, which costs more than such a call.
/// </summary>
internal sealed class LocalRun(LocalWork work, Dispatcher dispatcher, Clock clock) : IThreadPoolWorkItem
{
    /// <summary>Time after which collected answers are sent and more threads may help, in microseconds.</summary>
    public const int LongMicroseconds = 100;

    /// <summary>Pieces of work after which collected answers are sent at the latest.</summary>
    private const int MostPieces = Dispatcher.SendBatch;

    /// <summary>The usual duration of calls, per request, that a thread that receives makes itself, at most, in microseconds.</summary>
    private const int ShortMicroseconds = 50;

    /// <summary>Processors with which another thread is no help: those that receive and those of other programs keep them busy.</summary>
    private const int FewProcessors = 2;

    private readonly List<BatchSender> _own = [];
    private int _next;
    private Outgoing? _outgoing;
    private long _pieces;
    private long _piecesAtLook = -1;
    private volatile bool _isRunning;

    /// <summary>The memory of receipts.</summary>
    private ReceiptMemory Memory { get; } = new();

    /// <summary>Protects <see cref="Outgoing"/> and the calls to make. Not held while a server is called.</summary>
    private Lock Lock { get; } = new();

    /// <summary>Collects answers. The caller holds <see cref="Lock"/>.</summary>
    private Outgoing Outgoing => _outgoing ??= dispatcher.RentOutgoing();

    /// <summary>Whether <see cref="LocalWork"/> counts it as stuck; protected by its lock.</summary>
    public bool CountsAsStuck { get; set; }

    /// <summary>
    /// Called once, on another thread, when a call on a thread that receives does not return: then another thread has to receive. Null for
    /// threads of the pool.
    /// </summary>
    public Action? OnStuck { get; set; }

    /// <summary>Takes the calls from a list that are known to be short enough for a thread that receives.</summary>
    public void Add(List<BatchSender> calls)
    {
        var kept = 0;
        lock (Lock)
        {
            for (var i = 0; i < calls.Count; i++)
            {
                if (IsShort(calls[i]))
                    _own.Add(calls[i]);
                else
                    calls[kept++] = calls[i];
            }
        }

        calls.RemoveRange(kept, calls.Count - kept);
    }

    /// <summary>
    /// Makes the added calls on the calling thread. If that takes long, and there are processors for other threads, the pool makes the rest.
    /// </summary>
    public void CallAll()
    {
        Volatile.Write(ref _pieces, _pieces + 1);
        _isRunning = true;
        var began = clock.Now;
        while (TryTakeOwn(out var sender))
        {
            Call(sender);
            Volatile.Write(ref _pieces, _pieces + 1);
            if (LocalWork.UsualThreads > FewProcessors && clock.Microseconds(clock.Now - began) > LongMicroseconds)
                work.Add(TakeOwn());
        }

        _isRunning = false;
        SendAnswers();
        work.StartIfWaiting();
    }

    /// <summary>Takes the calls away that wait behind one that does not return. Safe from any thread.</summary>
    public List<BatchSender> TakeOwn()
    {
        lock (Lock)
        {
            var left = _own.GetRange(_next, _own.Count - _next);
            _next = _own.Count;
            return left;
        }
    }

    /// <summary>Makes a call to a server, or a grain call if the server is busy or not there.</summary>
    private void Call(BatchSender sender)
    {
        if (!dispatcher.TryBeginCall(sender))
            return;

        try
        {
            var batch = sender.Batch!.ToBatch(dispatcher.GatewayId);
            if (!work.Servers.TrySubmit(ServerKey.DefaultPool, sender.Destination.Id, batch, work, Memory, out var receipt))
            {
                _ = work.CallGrain(sender);
                return;
            }

            lock (Lock)
                dispatcher.OnReceipt(sender, receipt, Outgoing);
        }
        catch (Exception failure)
        {
            dispatcher.OnCallFailed(sender, failure);
        }

        if (dispatcher.MustCallAgain(sender))
            work.AddNext(sender);
    }

    /// <summary>Settles responses that a server has pushed.</summary>
    private void Settle(in ResponseBatch responses)
    {
        try
        {
            lock (Lock)
                dispatcher.OnResponses(responses, Outgoing);
        }
        catch (Exception fault)
        {
            dispatcher.LogFault(fault);
        }
    }

    private bool IsShort(BatchSender sender) =>
        sender.Destination.Pace.Of(1) is var usual and > 0 && clock.Microseconds((long)usual) <= ShortMicroseconds;

    private bool TryTakeOwn([NotNullWhen(true)] out BatchSender? sender)
    {
        lock (Lock)
        {
            if (_next < _own.Count)
            {
                sender = _own[_next++];
                return true;
            }

            _own.Clear();
            _next = 0;
            sender = null;
            return false;
        }
    }

    /// <summary>Works until nothing waits. It must not throw, because that would end the process.</summary>
    public void Execute()
    {
        Volatile.Write(ref _pieces, _pieces + 1);
        _isRunning = true;
        try
        {
            WorkAll();
        }
        catch (Exception fault)
        {
            dispatcher.LogFault(fault);
        }

        _isRunning = false;
        work.End(this);
    }

    /// <summary>
    /// Whether this run has a thread and has not moved on since the last call of this method: the handler of a server does not return.
    /// </summary>
    public bool HasNotMoved()
    {
        var pieces = Volatile.Read(ref _pieces);
        var hasNotMoved = _isRunning && pieces == _piecesAtLook;
        _piecesAtLook = pieces;
        return hasNotMoved;
    }

    /// <summary>Sends the answers that it has collected. Safe from any thread: they do not depend on the handler that keeps the run.</summary>
    public void SendAnswers()
    {
        Outgoing? outgoing;
        lock (Lock)
            (outgoing, _outgoing) = (_outgoing, null);
        if (outgoing is null)
            return;
        outgoing.Finish();
        dispatcher.ReturnOutgoing(outgoing);
    }

    private void WorkAll()
    {
        var (began, pieces) = (clock.Now, 0);
        while (work.TryTake(out var sender, out var responses))
        {
            if (sender is null)
                Settle(responses);
            else
                Call(sender);

            Volatile.Write(ref _pieces, _pieces + 1);
            var isLong = clock.Microseconds(clock.Now - began) > LongMicroseconds;
            if (isLong || ++pieces == MostPieces)
            {
                SendAnswers();
                (began, pieces) = (clock.Now, 0);
            }

            if (isLong && work.IsWaiting)
                work.AddThread(LocalWork.UsualThreads);
        }

        SendAnswers();
    }
}
