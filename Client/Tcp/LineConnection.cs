using System.Diagnostics.CodeAnalysis;
using Shortline.Client.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tcp;

/// <summary>
/// One TCP connection: writes requests and reads responses, a line each, with any number in flight. The first request opens it and waits
/// meanwhile. Requests are written in batches: a lone request at once, requests that arrive during a write with the next write, and
/// requests that a block of responses leads to after the block.
/// </summary>
/// <param name="gateway">The number of its gateway.</param>
/// <param name="number">Its own number, unique within its slot.</param>
/// <param name="channel">Receives the responses.</param>
/// <param name="time">The clock.</param>
[SuppressMessage("Design", "CA1001", Justification = "The token source is cancelled when the connection ends, which releases its resources. Other threads could not cancel it once it was disposed.")]
internal sealed class LineConnection(int gateway, long number, RequestChannel channel, TimeProvider time) : IThreadPoolWorkItem
{
    /// <summary>
    /// How long the last responses may take after the client left the connection: as long as a request may, by
    /// <c>load_balancer.max_timeout_ms</c>.
    /// </summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromMinutes(1);

    private static readonly byte[] Probe = [.. TcpTransport.ProbeRequest, (byte)'\n'];

    private readonly UnsentRequests _unsent = new();
    private readonly ResponseLines _lines = new();
    private readonly CancellationTokenSource _closing = new(Timeout.InfiniteTimeSpan, time);
    private byte[] _buffer = []; // used by the thread that writes
    private DialedConnection? _connection; // set before _stage
    private volatile Stage _stage;
    private long _heardAt = long.MinValue;
    private long _asked;
    private long _answered;
    private bool _isTurnedAway; // used by the thread that reads
    private volatile bool _isLeft;

    /// <summary>The number of the connection.</summary>
    public long Number => number;

    /// <summary>Whether the connection is open. Before that, no request has been sent on it.</summary>
    public bool IsOpen => _stage == Stage.Open;

    /// <summary>Whether any request was answered on it.</summary>
    public bool HasAnswered => Volatile.Read(ref _answered) > 0;

    /// <summary>Whether any request on it awaits its response.</summary>
    public bool HasUnanswered => Interlocked.Read(ref _asked) > Volatile.Read(ref _answered);

    /// <summary>The timestamp of the last arrival on it.</summary>
    public long HeardAt => Volatile.Read(ref _heardAt);

    /// <summary>Sends a request, or queues it behind a write in progress. Thread-safe.</summary>
    /// <param name="request">One JSON object.</param>
    /// <param name="mayWrite">Whether this thread may make the system call.</param>
    /// <returns>False if the queue is full or the connection is closed.</returns>
    public bool TrySend(ReadOnlySpan<byte> request, bool mayWrite = true)
    {
        var isAlone = Interlocked.Increment(ref _asked) == Volatile.Read(ref _answered) + 1;
        if (!_unsent.TryAdd(request, out var write))
        {
            Interlocked.Decrement(ref _asked);
            if (_isLeft && !HasUnanswered)
                Close(); // Leave may have counted this request
            return false;
        }

        if (write && isAlone && mayWrite)
            WriteAll();
        else if (write)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Opens the connection, then writes and reads until it ends.</summary>
    public async Task<ConnectionEnd> Run(IDialer dialer)
    {
        try
        {
            using var connection = await dialer.Dial(_closing.Token);
            if (connection is null)
                return ConnectionEnd.NotOpened;

            await using var closing = _closing.Token.UnsafeRegister(static state => ((DialedConnection)state!).Abort(), connection);
            var isServed = await IsServed(connection);
            dialer.Served(isServed || _isTurnedAway);
            if (!isServed)
                return _isTurnedAway ? ConnectionEnd.TurnedAway : ConnectionEnd.NotOpened;

            _connection = connection;
            if (Interlocked.CompareExchange(ref _stage, Stage.Open, Stage.Opening) != Stage.Opening)
                return ConnectionEnd.NotOpened;
            WriteAll();
            await Read(connection);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException)
        {
            if (!IsOpen)
                return ConnectionEnd.NotOpened;
        }
        finally
        {
            _unsent.Close();
            await _closing.CancelAsync();
        }

        return _isTurnedAway ? ConnectionEnd.TurnedAway : ConnectionEnd.Broken;
    }

    /// <summary>
    /// Closes the connection as soon as all its requests are answered, or at once if it is not open. It accepts no more requests.
    /// </summary>
    public void Leave()
    {
        // First, so that a request that another thread sends at this moment either counts below or is refused.
        _unsent.Refuse();
        _isLeft = true;

        // A full barrier: either this thread sees the last response, or the reading thread sees _isLeft.
        var wasOpening = Interlocked.CompareExchange(ref _stage, Stage.GivenUp, Stage.Opening) == Stage.Opening;
        if (HasUnanswered && !wasOpening)
            _closing.CancelAfter(LastAnswers);
        else
            Close();
    }

    /// <summary>
    /// Closes the connection now; <see cref="Run"/> then ends. This happens on another thread, because the caller may hold locks.
    /// </summary>
    public void Close() => ThreadPool.UnsafeQueueUserWorkItem(static closing => closing.Cancel(), _closing, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => WriteAll();

    /// <summary>
    /// Sends a probe and waits for its answer. The system of a peer accepts connections before the peer does, and resets those that the peer
    /// never accepted, because it is stopped or ends. A request sent on such a connection would count as one that may have run.
    /// </summary>
    private async Task<bool> IsServed(DialedConnection connection)
    {
        using var late = new CancellationTokenSource(Dialing.Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _closing.Token);
        Interlocked.Increment(ref _asked);
        await connection.SendAsync(Probe, both.Token);
        while (true)
        {
            var count = await connection.ReceiveAsync(_lines.Room(), both.Token);
            _lines.Received(count);
            if (count == 0 || _lines.IsOverlong)
                return false;
            if (!_lines.TryNext(out var line))
                continue;
            Volatile.Write(ref _heardAt, time.GetTimestamp());
            Take(line);
            return !_isTurnedAway;
        }
    }

    private async Task Read(DialedConnection connection)
    {
        // What came together with the answer to the probe.
        while (_lines.TryNext(out var line))
            Take(line);
        while (!_lines.IsOverlong && !(_isLeft && !HasUnanswered))
        {
            var count = await connection.ReceiveAsync(_lines.Room());
            if (count == 0)
                return;
            Volatile.Write(ref _heardAt, time.GetTimestamp());

            // Requests that these responses lead to are written together after the last response. The write is not awaited: the peer may
            // read nothing more until its responses are read.
            var writes = _unsent.TryBecomeWriter();
            _lines.Received(count);
            while (_lines.TryNext(out var line))
                Take(line);
            if (writes)
                WriteAll();
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (IsTurnedAway(line))
        {
            _isTurnedAway = true;
            return;
        }

        Interlocked.Increment(ref _answered);
        if (line is not [(byte)'[', ..]) // the answer to a probe; HeardAt is all that it is for
            channel.OnDatagram(gateway, line);
    }

    /// <summary>
    /// Whether a line says that the peer has too many connections or leaves. It is <c>rejected</c> and has no id. The requests of the
    /// connection that were not answered before have not run.
    /// </summary>
    private static bool IsTurnedAway(ReadOnlySpan<byte> line) =>
        line.StartsWith("{\"status\":\"rejected\""u8)
        && ResponseParser.TryParse(line, out var response) && response.Id.IsEmpty && response.Status == ResponseStatus.Rejected;

    /// <summary>
    /// Writes the queued requests. Does not wait for the peer: <see cref="WriteRest"/> continues when the peer reads again.
    /// </summary>
    private void WriteAll()
    {
        var connection = _connection!; // only threads that follow the first writer get here
        try
        {
            while (_unsent.Take(ref _buffer) is var length and > 0)
            {
                var sending = connection.SendAsync(_buffer.AsMemory(0, length));
                if (!sending.IsCompletedSuccessfully)
                {
                    _ = WriteRest(connection, sending);
                    return;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            OnFailedWrite(connection);
        }
    }

    /// <summary>
    /// Lets the reading side take what the peer has sent before, which may say that the last requests have not run, and then end the
    /// connection. No other thread writes, because this one is still the writer.
    /// </summary>
    private static void OnFailedWrite(DialedConnection connection) => connection.EndReceiving();

    private async Task WriteRest(DialedConnection connection, ValueTask sending)
    {
        try
        {
            await sending;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            OnFailedWrite(connection);
            return;
        }

        WriteAll();
    }

    /// <summary>Where the connection is in its life.</summary>
    private enum Stage
    {
        /// <summary>It is being opened. No request has been sent on it.</summary>
        Opening,

        /// <summary>It is open.</summary>
        Open,

        /// <summary>It was left before it was open. No request will be sent on it.</summary>
        GivenUp,
    }
}

/// <summary>How a connection ended, which decides what happens to its unanswered requests.</summary>
internal enum ConnectionEnd
{
    /// <summary>It could not be opened: no request was sent.</summary>
    NotOpened,

    /// <summary>The peer had too many connections, or left: no request without a response has run.</summary>
    TurnedAway,

    /// <summary>It broke or was closed: each request may have run.</summary>
    Broken,
}
