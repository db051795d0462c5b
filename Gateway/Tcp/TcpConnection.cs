using System.Net;
using System.Net.Sockets;

namespace Shortline.Gateway;

/// <summary>
/// One client's connection: requests come as lines of JSON, answers go back as lines, in the order in which they are ready. Reads no further while the client does not
/// read its answers, so that a slow reader costs bounded memory.
/// </summary>
internal sealed class TcpConnection : IRequestBatch
{
    /// <summary>Unread answers above which no more requests are read, in bytes.</summary>
    private const int PauseAt = 256 * 1024;

    /// <summary>Unread answers above which the connection is closed: what was read before the pause may still be answered, but not without end.</summary>
    private const int CloseAt = 16 * 1024 * 1024;

    /// <summary>Lines handed over at once.</summary>
    private const int Lines = 64;

    /// <summary>Buffers above this are given back once they are empty.</summary>
    private const int KeptBuffer = 64 * 1024;

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly PeerAddress _address;
    private readonly Lock _lock = new();
    private readonly CallSignal _wake = new();
    private readonly (int Start, int Length)[] _lines = new (int, int)[Lines];
    private TaskCompletionSource? _drained;
    private byte[] _received = new byte[2048];
    private byte[] _answers = new byte[2048];
    private int _answered;
    private int _sending;
    private bool _isAwake;
    private bool _endAfterAnswers;
    private long _unanswered;
    private long _activeAt;
    private int _closed;

    public TcpConnection(Socket socket, int number, uint generation, TimeProvider time)
    {
        (_socket, _time, _activeAt) = (socket, time, time.GetTimestamp());
        _address = PeerAddress.OfConnection(number, generation, (IPEndPoint)socket.RemoteEndPoint!);
        socket.NoDelay = true;
    }

    /// <summary>Where answers for it go.</summary>
    public ref readonly PeerAddress Address => ref _address;

    /// <summary>Whether requests of it are not answered.</summary>
    public bool HasUnanswered => Interlocked.Read(ref _unanswered) > 0;

    /// <summary>Whether the client has left so many answers unread that there is nothing to be done but to close it. The answers that come now are dropped.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>When a whole request came from it or an answer went to it last, as a timestamp.</summary>
    public long ActiveAt => Volatile.Read(ref _activeAt);

    ReadOnlySpan<byte> IRequestBatch.Request(int index) => _received.AsSpan(_lines[index].Start, _lines[index].Length);

    ref readonly PeerAddress IRequestBatch.Peer(int index) => ref _address;

    bool IRequestBatch.Truncated(int index) => _lines[index].Length > RequestParser.MaxDatagram;

    /// <summary>Reads requests and writes answers until either side closes.</summary>
    public async Task Run(Dispatcher dispatcher)
    {
        var writing = WriteAnswers();
        try
        {
            await ReadRequests(dispatcher).ConfigureAwait(false);
            EndAfterAnswers();
            await writing.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The client has gone, or we have closed it.
        }
        finally
        {
            Close();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes an answer. From any thread.</summary>
    /// <returns>Whether <see cref="Send"/> is to be called.</returns>
    public bool Write(ReadOnlySpan<byte> answer)
    {
        lock (_lock)
        {
            Interlocked.Decrement(ref _unanswered);
            var needed = _answered + answer.Length + 1;
            if (_closed != 0 || (IsOverfull |= needed > CloseAt))
                return false;

            if (needed > _answers.Length)
                Array.Resize(ref _answers, Math.Max(needed, 2 * _answers.Length));
            answer.CopyTo(_answers.AsSpan(_answered));
            _answers[needed - 1] = (byte)'\n';
            _answered = needed;
            return !_isAwake && (_isAwake = true);
        }
    }

    /// <summary>A request of it was asked again from elsewhere: the answer goes there.</summary>
    public void Unask() => Interlocked.Decrement(ref _unanswered);

    /// <summary>Sends the answers that were taken.</summary>
    public void Send() => _wake.Set();

    /// <summary>Closes it now, answered or not.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;

        _socket.Dispose();
        bool wake;
        lock (_lock)
        {
            wake = !_isAwake;
            _isAwake = true;
            _drained?.TrySetResult();
        }

        if (wake)
            _wake.Set();
    }

    private async Task ReadRequests(Dispatcher dispatcher)
    {
        var (end, searched) = (0, 0);
        while (true)
        {
            await Drained().ConfigureAwait(false);
            if (end == _received.Length)
                Array.Resize(ref _received, Math.Min(2 * _received.Length, RequestParser.MaxDatagram + 2));
            var count = await _socket.ReceiveAsync(_received.AsMemory(end)).ConfigureAwait(false);
            if (count == 0)
            {
                // A last line may come without its end.
                Hand(dispatcher, 0, end);
                return;
            }

            end += count;
            var rest = HandLines(dispatcher, end, searched);
            end -= rest;
            searched = end;
            _received.AsSpan(rest, end).CopyTo(_received);
            if (end > RequestParser.MaxDatagram)
            {
                // Where the next request begins nobody can tell without reading on for as long as the client likes.
                Hand(dispatcher, 0, end);
                return;
            }
        }
    }

    /// <summary>Hands the complete lines over.</summary>
    /// <returns>Where what is left begins.</returns>
    private int HandLines(Dispatcher dispatcher, int end, int searched)
    {
        var (start, lines) = (0, 0);
        while (_received.AsSpan(searched, end - searched).IndexOf((byte)'\n') is var at and >= 0)
        {
            var length = searched + at - start;
            if (length > 0 && _received[start + length - 1] == '\r')
                length--;
            if (length > 0)
                _lines[lines++] = (start, length);
            start = searched += at + 1;
            if (lines == Lines)
            {
                Hand(dispatcher, lines);
                lines = 0;
            }
        }

        Hand(dispatcher, lines);
        return start;
    }

    private void Hand(Dispatcher dispatcher, int start, int length)
    {
        if (length == 0)
            return;
        _lines[0] = (start, length);
        Hand(dispatcher, 1);
    }

    private void Hand(Dispatcher dispatcher, int lines)
    {
        if (lines == 0)
            return;
        Volatile.Write(ref _activeAt, _time.GetTimestamp());
        Interlocked.Add(ref _unanswered, lines);
        dispatcher.OnRequests(this, lines);
    }

    /// <summary>Waits until the client has read most of its answers.</summary>
    private Task Drained()
    {
        lock (_lock)
        {
            if (_answered + _sending <= PauseAt || _closed != 0)
                return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    private void EndAfterAnswers()
    {
        bool wake;
        lock (_lock)
        {
            _endAfterAnswers = true;
            wake = !_isAwake;
            _isAwake = true;
        }

        if (wake)
            _wake.Set();
    }

    private async Task WriteAnswers()
    {
        var spare = new byte[2048];
        while (true)
        {
            await _wake.WaitAsync().ConfigureAwait(false);
            while (Take(ref spare) is var count and > 0)
            {
                for (var sent = 0; sent < count;)
                {
                    // In pieces, so that a client that reads slowly is seen to read.
                    sent += await _socket.SendAsync(spare.AsMemory(sent, Math.Min(count - sent, KeptBuffer))).ConfigureAwait(false);
                    Volatile.Write(ref _activeAt, _time.GetTimestamp());
                }
            }

            if (_closed != 0 || (_endAfterAnswers && !HasUnanswered))
                return;
        }
    }

    /// <summary>Takes what is to be sent, and gives a buffer back for what comes next.</summary>
    /// <returns>Bytes to send; 0 if there is nothing, and then the next <see cref="Write"/> wakes this loop.</returns>
    private int Take(ref byte[] buffer)
    {
        lock (_lock)
        {
            var count = _answered;
            _sending = count;
            if (count == 0 || _closed != 0)
            {
                _isAwake = _closed != 0;
                _drained?.TrySetResult();
                _drained = null;
                return 0;
            }

            if (buffer.Length > KeptBuffer)
                buffer = new byte[2048];
            (buffer, _answers, _answered) = (_answers, buffer, 0);
            return count;
        }
    }
}
