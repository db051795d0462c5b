namespace Shortline.Gateway;

/// <summary>Lines that a connection's client has not been sent yet, in the order in which they are ready. Bounded. From any thread.</summary>
internal sealed class UnreadAnswers
{
    /// <summary>Bytes above which no more requests are read.</summary>
    private const int PauseAt = 256 * 1024;

    /// <summary>Bytes above which the connection is closed: what was read before the pause may still be answered, but not without end.</summary>
    private const int CloseAt = 16 * 1024 * 1024;

    /// <summary>Buffers above this are given back once they are empty.</summary>
    public const int KeptBuffer = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly CallSignal _wake = new();
    private TaskCompletionSource? _drained;
    private byte[] _lines = new byte[2048];
    private int _length;
    private int _sending;
    private bool _isAwake;
    private bool _closed;

    /// <summary>Whether so many are unread that there is nothing to be done but to close the connection. Those that come now are dropped.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Adds an answer as a line.</summary>
    /// <returns>Whether <see cref="Wake"/> is to be called.</returns>
    public bool Add(ReadOnlySpan<byte> answer)
    {
        lock (_lock)
        {
            var needed = _length + answer.Length + 1;
            if (_closed || (IsOverfull |= needed > CloseAt))
                return false;

            if (needed > _lines.Length)
                Array.Resize(ref _lines, Math.Max(needed, 2 * _lines.Length));
            answer.CopyTo(_lines.AsSpan(_length));
            _lines[needed - 1] = (byte)'\n';
            _length = needed;
            return !_isAwake && (_isAwake = true);
        }
    }

    /// <summary>Wakes who sends them.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Wakes who sends them, unless it is awake.</summary>
    public void WakeIfAsleep()
    {
        bool wake;
        lock (_lock)
        {
            wake = !_isAwake;
            _isAwake = true;
        }

        if (wake)
            _wake.Set();
    }

    /// <summary>Nothing is sent any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _drained?.TrySetResult();
        }

        WakeIfAsleep();
    }

    /// <summary>Waits for <see cref="Wake"/>. One who sends.</summary>
    public ValueTask Woken() => _wake.WaitAsync();

    /// <summary>Waits until the client has read most of them.</summary>
    public Task Drained()
    {
        lock (_lock)
        {
            if (_length + _sending <= PauseAt || _closed)
                return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>Takes what is to be sent, and gives a buffer back for what comes next.</summary>
    /// <returns>Bytes to send; 0 if there are none, and then the next <see cref="Add"/> asks for <see cref="Wake"/>.</returns>
    public int Take(ref byte[] buffer)
    {
        lock (_lock)
        {
            var count = _length;
            _sending = count;
            if (count == 0 || _closed)
            {
                _isAwake = _closed;
                _drained?.TrySetResult();
                _drained = null;
                return 0;
            }

            if (buffer.Length > KeptBuffer)
                buffer = new byte[2048];
            (buffer, _lines, _length) = (_lines, buffer, 0);
            return count;
        }
    }
}
