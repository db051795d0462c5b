using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Orleans.Runtime;
using Shortline.Gateway.Requests;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Gateway.HandOver.Links;

/// <summary>
/// A connection over which requests go to the servers of another silo, without grain calls. The thread that has the requests writes them to
/// the connection, and a thread of its own reads the receipts and sends the answers. So a request takes four changes of thread, of which two
/// are in the kernel's network anyway, instead of about twenty. Thread-safe.
/// </summary>
internal sealed class SiloLink : IThreadPoolWorkItem
{
    /// <summary>How long a silo that takes no bytes keeps the link.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    private readonly LinkSocket _socket;
    private readonly string _silo;
    private readonly Dispatcher _dispatcher;
    private readonly GrainCalls _calls;
    private readonly FrameWriter _frame = new();
    private readonly FrameBuffer _received = new();
    private readonly ConcurrentQueue<LinkCall> _underWay = new();
    private readonly ConcurrentQueue<LinkCall> _free = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientResponse[] _responses = new ClientResponse[64];
    private LinkCall? _settling;
    private ReadOnlyMemory<byte> _unsent;
    private long _number;
    private int _isSending;
    private volatile bool _isBroken;

    public SiloLink(LinkSocket socket, string silo, Dispatcher dispatcher, GrainCalls calls)
    {
        (_socket, _silo, _dispatcher, _calls) = (socket, silo, dispatcher, calls);
        new Thread(Read) { IsBackground = true, Name = "gateway link" }.UnsafeStart();
    }

    /// <summary>Completes when the link has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Sends the batches of several servers in one frame.</summary>
    /// <returns>False if the link cannot be used at present: then nothing is sent, and the caller makes grain calls.</returns>
    public bool TrySend(List<BatchSender> senders)
    {
        if (_isBroken || Interlocked.Exchange(ref _isSending, 1) != 0)
            return false;

        _frame.Begin(++_number);
        foreach (var sender in senders)
            _frame.AddRequests(sender.Destination.Utf8Id, sender.Batch!.Requests, sender.Batch.Bytes);
        if (_frame.Length > LinkFormat.MaxFrame)
        {
            Volatile.Write(ref _isSending, 0);
            return false;
        }

        // Known before it is sent, because the receipts may come before this method returns.
        if (!_free.TryDequeue(out var call))
            call = new LinkCall();
        call.Number = _number;
        call.Senders.AddRange(senders);
        _underWay.Enqueue(call);
        Send(_frame.End());

        // First added, then looked: who breaks the link fails the calls that are there after saying so.
        if (_isBroken)
            FailAll();
        return true;
    }

    /// <summary>Ends the link. The calls that are under way fail.</summary>
    public void Close() => _socket.Close();

    /// <summary>Sends the rest of a frame, when the system takes more.</summary>
    public void Execute()
    {
        try
        {
            while (_unsent.Length > 0)
            {
                if (!_socket.WaitToSend(SendTimeout))
                    throw new SocketException((int)SocketError.TimedOut);
                _unsent = _unsent[_socket.Send(_unsent.Span)..];
            }

            Volatile.Write(ref _isSending, 0);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            Close();
        }
    }

    private void Send(ReadOnlyMemory<byte> frame)
    {
        try
        {
            _unsent = frame[_socket.Send(frame.Span)..];
            if (_unsent.IsEmpty)
                Volatile.Write(ref _isSending, 0);
            else
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            Close();
        }
    }

    /// <summary>Reads receipts until the link ends.</summary>
    private void Read()
    {
        try
        {
            while (_socket.Receive(_received.Free().Span) is > 0 and var count)
            {
                _received.Add(count);
                Settle();
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The silo is gone, or the link is closed.
        }
        catch (Exception fault)
        {
            _dispatcher.LogFault(fault);
        }

        _isBroken = true;
        _socket.Close();
        if (Interlocked.Exchange(ref _settling, null) is { } call)
            Fail(call);
        FailAll();
        _socket.Dispose();
        _ended.SetResult();
    }

    /// <summary>Settles the calls whose receipts are there. Their answers are sent together.</summary>
    private void Settle()
    {
        if (!_received.TryTake(out var frame))
            return;

        var outgoing = _dispatcher.RentOutgoing();
        var next = default(SiloCalls);
        do
        {
            Settle(new FrameReader(frame), outgoing, ref next);
        }
        while (_received.TryTake(out frame));

        // First the next calls, so that the silo works while this thread sends answers.
        next?.Wake();
        outgoing.Finish();
        _dispatcher.ReturnOutgoing(outgoing);
    }

    private void Settle(FrameReader receipts, Outgoing outgoing, ref SiloCalls? next)
    {
        if (!_underWay.TryDequeue(out _settling) || _settling.Number != receipts.Call || _settling.Senders.Count != receipts.Parts)
            throw new InvalidDataException($"silo {_silo} has sent receipts of other requests than expected");

        var call = _settling;
        foreach (var sender in call.Senders)
        {
            var receipt = receipts.ReadReceipt(sender.Destination.Id, ref _responses);
            call.Settled++;
            if (!_calls.OnPart(sender, receipt, outgoing) || sender.Silo == next)
                continue;
            next?.Wake();
            next = sender.Silo;
        }

        _settling = null;
        call.Senders.Clear();
        call.Settled = 0;
        _free.Enqueue(call);
    }

    private void FailAll()
    {
        while (_underWay.TryDequeue(out var call))
            Fail(call);
    }

    private void Fail(LinkCall call) => _calls.OnFailed(
        CollectionsMarshal.AsSpan(call.Senders)[call.Settled..], new SiloUnavailableException($"The link to silo {_silo} has ended."));
}
