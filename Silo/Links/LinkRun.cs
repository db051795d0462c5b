using System.Text;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;
using Shortline.Grains.Servers;

namespace Shortline.Silo.Links;

/// <summary>One thread's part in a <see cref="RequestLink"/>: reads frames, calls servers and sends receipts.</summary>
/// <param name="link">The link.</param>
/// <param name="received">What is received and not handled yet.</param>
internal sealed partial class LinkRun(RequestLink link, FrameBuffer received)
{
    /// <summary>Ids of servers that are kept as strings. More than a silo has by far, even if they come and go.</summary>
    private const int MostIds = 20_000;

    /// <summary>Bytes of an id that is kept as a string, at most.</summary>
    private const int ShortId = 256;

    private readonly Lock _lock = new();
    private readonly FrameWriter _receipts = new();
    private readonly ReceiptMemory _memory = new();
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private ClientRequest[] _requests = new ClientRequest[16];
    private FrameBuffer _received = received;
    private int _parts;
    private bool _isInServer;
    private bool _isLeft;
    private volatile bool _isCalling;
    private int _pieces;
    private int _piecesAtLook = -1;

    /// <summary>Whether it is handling a frame.</summary>
    public bool IsCalling => _isCalling;

    /// <summary>Works until the link ends, or until the run is left because a server has kept it.</summary>
    public void Work()
    {
        try
        {
            while (HandleReceived() && link.Receive(_received.Free()) is > 0 and var count)
                _received.Add(count);
        }
        catch (Exception fault)
        {
            // The gateway sends the requests elsewhere when the link ends, and opens another one.
            Failed(link.Log, fault, link.Offer.GatewayId);
        }

        lock (_lock)
        {
            _isCalling = false;
            if (_isLeft)
                return;
        }

        link.End();
    }

    /// <summary>Whether it has been in the same server since the last call of this method.</summary>
    public bool HasNotMoved()
    {
        var pieces = Volatile.Read(ref _pieces);
        var hasNotMoved = _isCalling && pieces == _piecesAtLook;
        _piecesAtLook = pieces;
        return hasNotMoved;
    }

    /// <summary>
    /// Leaves the thread to the server that keeps it, and sends the receipts of the other servers. Those that have not got their requests yet
    /// do not get them from this thread any more: the gateway makes grain calls.
    /// </summary>
    /// <returns>The run that goes on; null if the server has just returned.</returns>
    public LinkRun? Leave()
    {
        LinkRun next;
        lock (_lock)
        {
            if (!_isCalling || !_isInServer)
                return null;

            _isLeft = true;
            _receipts.AddReceipt(new ServerReceipt { State = PartState.Working });
            while (_receipts.Parts < _parts)
                _receipts.AddReceipt(new ServerReceipt { State = PartState.NotTaken });
            next = new LinkRun(link, _received.MoveRest());
        }

        link.Send(_receipts.End());
        return next;
    }

    /// <summary>Handles the frames that are there.</summary>
    /// <returns>False if the run was left.</returns>
    private bool HandleReceived()
    {
        while (_received.TryTake(out var frame))
        {
            if (!Handle(new FrameReader(frame)))
                return false;
        }

        return true;
    }

    private bool Handle(FrameReader frame)
    {
        _receipts.Begin(frame.Call);
        _parts = frame.Parts;
        _isCalling = true;
        Interlocked.MemoryBarrier();
        link.Watch();
        for (var i = 0; i < _parts; i++)
        {
            var id = IdOf(frame.ReadRequests(ref _requests, out var requests, out var bytes));
            if (!CallServer(id, new RequestBatch { GatewayId = link.Offer.GatewayId, Requests = requests, Bytes = bytes }))
                return false;
        }

        _isCalling = false;
        link.Send(_receipts.End());
        return true;
    }

    /// <summary>Calls a server and writes its receipt.</summary>
    /// <returns>False if the run was left meanwhile.</returns>
    private bool CallServer(string id, in RequestBatch batch)
    {
        lock (_lock)
            _isInServer = true;
        var isTaken = link.Servers.TrySubmit(link.Offer.Pool, id, batch, link.Offer.ReplyTo, _memory, out var receipt);
        lock (_lock)
        {
            _isInServer = false;
            Volatile.Write(ref _pieces, _pieces + 1);
            if (!_isLeft)
            {
                _receipts.AddReceipt(new ServerReceipt { State = isTaken ? PartState.Done : PartState.NotTaken, Receipt = receipt });
                if (receipt.KeepsBatch)
                    (_received, _requests) = (_received.MoveRest(), []);
                return true;
            }
        }

        _ = isTaken
            ? LateResponses.Push(link.Offer.ReplyTo, receipt.Done, link.Log)
            : LateResponses.GiveBack(link.Offer.ReplyTo, id, batch.Requests, link.Log);
        return false;
    }

    /// <summary>The id of a server as a string, which is made once.</summary>
    private string IdOf(ReadOnlySpan<byte> utf8)
    {
        Span<char> chars = stackalloc char[ShortId];
        if (utf8.Length > ShortId || !Encoding.UTF8.TryGetChars(utf8, chars, out var length))
            return Encoding.UTF8.GetString(utf8);

        var ids = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        if (ids.TryGetValue(chars[..length], out var id))
            return id;
        if (_ids.Count == MostIds)
            _ids.Clear();
        id = chars[..length].ToString();
        return _ids[id] = id;
    }

    [LoggerMessage(1176, LogLevel.Error, "The requests of gateway {Gateway} could not be handed to servers, so its link is closed; it opens another one. Please report this error")]
    private static partial void Failed(ILogger log, Exception fault, string gateway);
}
