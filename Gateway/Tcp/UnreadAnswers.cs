using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;

namespace Shortline.Gateway.Tcp;

/// <summary>
/// The answers of a connection that are not sent yet, as lines in the order in which they were added. Bounded. Safe for any thread.
/// </summary>
/// <param name="isComplete">
/// Whether no answer will be added any more. Asked while nothing can be added, so that an answer that is added just then is not missed.
/// </param>
/// <param name="memory">The memory that the unread answers of all connections may take; null for any.</param>
internal sealed class UnreadAnswers(Func<bool> isComplete, MemoryBudget? memory = null)
{
    /// <summary>The result of <see cref="Take"/> after the last answer.</summary>
    public const int End = -1;

    /// <summary>The number of unsent bytes above which the connection reads no more requests.</summary>
    private const int PauseAt = 256 * 1024;

    /// <summary>
    /// The number of unsent bytes above which the connection is closed. Requests read before the pause may still produce answers, but only
    /// up to this limit.
    /// </summary>
    private const int CloseAt = 16 * 1024 * 1024;

    /// <summary>The size of a buffer that has not grown.</summary>
    public const int UsualBuffer = 2048;

    /// <summary>Larger buffers go back to the pool once they are empty.</summary>
    public const int KeptBuffer = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly CallSignal _wake = new();
    private TaskCompletionSource? _drained;
    private byte[] _lines = ArrayPool<byte>.Shared.Rent(UsualBuffer);
    private int _length;
    private int _sending;
    private long _taken;
    private bool _isAwake;
    private bool _closed;

    /// <summary>
    /// Whether <see cref="CloseAt"/> or the memory of all connections was exceeded. The connection must be closed, and further answers are
    /// dropped.
    /// </summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Adds an answer as a line.</summary>
    /// <returns>Whether the caller must call <see cref="Wake"/>.</returns>
    public bool Add(ReadOnlySpan<byte> answer)
    {
        lock (_lock)
        {
            var needed = _length + answer.Length + 1;
            if (_closed || (IsOverfull |= needed > CloseAt))
                return false;

            if (needed > _lines.Length && !TryGrow(needed))
            {
                IsOverfull = true;
                return false;
            }

            answer.CopyTo(_lines.AsSpan(_length));
            ToOneLine(_lines.AsSpan(_length, answer.Length));
            _lines[needed - 1] = (byte)'\n';
            _length = needed;
            return !_isAwake && (_isAwake = true);
        }
    }

    /// <summary>
    /// Takes a larger buffer from the pool. New arrays for clients that do not read would fill the memory before the garbage collector frees
    /// them.
    /// </summary>
    /// <returns>Whether there is memory for it.</returns>
    private bool TryGrow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _lines.Length));
        if (memory?.TryTake(larger.Length - _lines.Length) == false)
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        _taken += larger.Length - _lines.Length;
        _lines.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_lines);
        _lines = larger;
        return true;
    }

    /// <summary>
    /// Replaces line breaks by spaces. A result may contain them, but only between the tokens of its JSON, because a string cannot.
    /// </summary>
    private static void ToOneLine(Span<byte> answer)
    {
        answer.Replace((byte)'\n', (byte)' ');
        answer.Replace((byte)'\r', (byte)' ');
    }

    /// <summary>Wakes the sender.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Wakes the sender unless it is awake.</summary>
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

    /// <summary>Ends the sender and everybody who waits in <see cref="Drained"/>.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Give(_taken);
            _drained?.TrySetResult();
        }

        WakeIfAsleep();
    }

    private void Give(long bytes)
    {
        memory?.Give(bytes);
        _taken -= bytes;
    }

    /// <summary>Waits for <see cref="Wake"/>. Called by the sender only.</summary>
    public ValueTask Woken() => _wake.WaitAsync();

    /// <summary>Waits until most answers are sent.</summary>
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

    /// <summary>Takes the unsent lines in exchange for an empty buffer, which belongs to the pool like the one it returns.</summary>
    /// <returns>
    /// The number of bytes to send; 0 if there are none, in which case the next <see cref="Add"/> asks for <see cref="Wake"/>; <see cref="End"/>
    /// if none will come.
    /// </returns>
    public int Take(ref byte[] buffer)
    {
        lock (_lock)
        {
            var count = _length;
            _sending = count;
            if (count == 0 || _closed)
            {
                var isEnd = _closed || isComplete();
                _isAwake = isEnd;
                _drained?.TrySetResult();
                _drained = null;
                return isEnd ? End : 0;
            }

            if (buffer.Length > KeptBuffer)
            {
                Give(buffer.Length - UsualBuffer);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(UsualBuffer);
            }

            (buffer, _lines, _length) = (_lines, buffer, 0);
            return count;
        }
    }
}
