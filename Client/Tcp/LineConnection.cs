using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Shortline.Protocol;

namespace Shortline.Client;

/// <summary>
/// One TCP connection: requests out and answers in, a line each, as many in flight as there are. It is opened with the first request, which waits
/// meanwhile. Requests that come together are written together: one alone is written at once, those behind it while it is on its way, and those that
/// follow from a block of answers after the block.
/// </summary>
/// <param name="gateway">Whose it is.</param>
/// <param name="number">Its own number.</param>
/// <param name="channel">Where answers go.</param>
/// <param name="time">The clock.</param>
[SuppressMessage("Design", "CA1001", Justification = "What closes it is cancelled when it ends, which frees all there is; disposed, it could not be cancelled from other threads.")]
internal sealed class LineConnection(int gateway, long number, RequestChannel channel, TimeProvider time) : IThreadPoolWorkItem
{
    /// <summary>How long the last answers may take after it was left: as long as a request may, by <c>load_balancer.max_timeout_ms</c>.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromMinutes(1);

    private readonly UnsentRequests _unsent = new();
    private readonly ResponseLines _lines = new();
    private readonly CancellationTokenSource _closing = new(Timeout.InfiniteTimeSpan, time);
    private byte[] _buffer = []; // the writer's
    private Socket? _socket;
    private long _heardAt = long.MinValue;
    private long _asked;
    private long _answered;
    private bool _isTurnedAway;
    private volatile bool _isLeft;

    /// <summary>Its own number.</summary>
    public long Number => number;

    /// <summary>Whether it is open: before, nothing has left on it.</summary>
    public bool IsOpen => Volatile.Read(ref _socket) is not null;

    /// <summary>Whether anything was answered on it.</summary>
    public bool HasAnswered => Volatile.Read(ref _answered) > 0;

    /// <summary>Whether requests on it are not answered.</summary>
    public bool HasUnanswered => Interlocked.Read(ref _asked) > Volatile.Read(ref _answered);

    /// <summary>When something came on it last, as a timestamp.</summary>
    public long HeardAt => Volatile.Read(ref _heardAt);

    /// <summary>Adds a request. From any thread.</summary>
    /// <param name="request">One JSON object.</param>
    /// <param name="mayWrite">Whether this thread may make the system call.</param>
    /// <returns>False if there is no room, or it is closed.</returns>
    public bool TrySend(ReadOnlySpan<byte> request, bool mayWrite = true)
    {
        var isAlone = Interlocked.Increment(ref _asked) == Volatile.Read(ref _answered) + 1;
        if (!_unsent.TryAdd(request, out var write))
        {
            Interlocked.Decrement(ref _asked);
            return false;
        }

        if (write && isAlone && mayWrite)
            WriteAll();
        else if (write)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Opens it, then writes and reads until it ends.</summary>
    public async Task<ConnectionEnd> Run(IDialer dialer)
    {
        try
        {
            using var socket = await dialer.Dial(_closing.Token);
            if (socket is null)
                return ConnectionEnd.NotOpened;

            await using var closing = _closing.Token.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket);
            Volatile.Write(ref _socket, socket);
            WriteAll();
            await Read(socket);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            if (_socket is null)
                return ConnectionEnd.NotOpened;
        }
        finally
        {
            _unsent.Close();
            await _closing.CancelAsync();
        }

        return _isTurnedAway ? ConnectionEnd.TurnedAway : ConnectionEnd.Broken;
    }

    /// <summary>Nothing more will be sent on it: closes it as soon as all is answered, or at once if nothing has left on it.</summary>
    public void Leave()
    {
        _isLeft = true;
        Interlocked.MemoryBarrier(); // either this sees the last answer, or who takes it sees that it was left
        if (HasUnanswered && IsOpen)
            _closing.CancelAfter(LastAnswers);
        else
            Close();
    }

    /// <summary>Closes it now, answered or not: <see cref="Run"/> ends, on another thread, because this one may hold locks.</summary>
    public void Close() => ThreadPool.UnsafeQueueUserWorkItem(static closing => closing.Cancel(), _closing, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => WriteAll();

    private async Task Read(Socket socket)
    {
        while (!_lines.IsOverlong && !(_isLeft && !HasUnanswered))
        {
            var count = await socket.ReceiveAsync(_lines.Room());
            if (count == 0)
                return;
            Volatile.Write(ref _heardAt, time.GetTimestamp());

            // What the answers lead to is written at once, behind the last of them. Not waited for: a peer may read no more until its answers are read.
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
        // The only line without an id that says something: there are too many connections.
        if (!HasAnswered && ResponseParser.TryParse(line, out var response) && response.Id.IsEmpty && response.Status == ResponseStatus.Rejected)
            _isTurnedAway = true;
        Interlocked.Increment(ref _answered);
        if (line[0] != '[') // which is a location, asked for to hear something
            channel.OnDatagram(gateway, line);
    }

    /// <summary>Writes what waits. Never waits for the peer: when that does not read, <see cref="WriteRest"/> goes on.</summary>
    private void WriteAll()
    {
        var socket = Volatile.Read(ref _socket)!;
        try
        {
            while (_unsent.Take(ref _buffer) is var length and > 0)
            {
                for (var sent = 0; sent < length;)
                {
                    var sending = socket.SendAsync(_buffer.AsMemory(sent, length - sent), SocketFlags.None);
                    if (!sending.IsCompletedSuccessfully)
                    {
                        _ = WriteRest(socket, sending, sent, length);
                        return;
                    }

                    sent += sending.Result;
                }
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Who reads sees it as well, and nothing more is written: there is still somebody who does.
            Close();
        }
    }

    private async Task WriteRest(Socket socket, ValueTask<int> sending, int sent, int length)
    {
        try
        {
            for (sent += await sending; sent < length;)
                sent += await socket.SendAsync(_buffer.AsMemory(sent, length - sent), SocketFlags.None);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            Close();
            return;
        }

        WriteAll();
    }
}
