using System.Buffers;
using Shortline.Client.Tcp;

namespace Shortline.Client.Files;

/// <summary>
/// A connection to a server on which one file comes as a stream: a line, the bytes, a line. Network failures do not throw: a connection
/// that breaks, or delivers nothing for too long, counts as ended.
/// </summary>
internal sealed class RemoteStream : IDisposable
{
    /// <summary>The line before the bytes holds a name and some numbers.</summary>
    private const int LongestLine = 16 * 1024;

    private const int BufferSize = 128 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private readonly DialedConnection _connection;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenRegistration _stop;
    private readonly CancellationToken _cancellation;
    private int _start;
    private int _end;

    /// <param name="connection">The connection; the stream closes it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Cancels sending and receiving.</param>
    public RemoteStream(DialedConnection connection, TimeProvider time, CancellationToken cancellation)
    {
        (_connection, _cancellation) = (connection, cancellation);
        _silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stop = cancellation.UnsafeRegister(static silence => ((CancellationTokenSource)silence!).Cancel(), _silence);
    }

    /// <summary>Sends bytes.</summary>
    /// <returns>False if the connection has ended.</returns>
    /// <exception cref="OperationCanceledException">The stream was cancelled.</exception>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, TimeSpan timeout)
    {
        _silence.CancelAfter(timeout);
        try
        {
            await _connection.SendAsync(bytes, _silence.Token);
            return true;
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            _cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>Receives the next line, without its end.</summary>
    /// <returns>The line, valid until the next call; null if the connection has ended or the line is too long.</returns>
    /// <exception cref="OperationCanceledException">The stream was cancelled.</exception>
    public async Task<ReadOnlyMemory<byte>?> LineAsync(TimeSpan timeout)
    {
        while (true)
        {
            if (_buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n') is var length and >= 0)
            {
                var line = _buffer.AsMemory(_start, length);
                _start += length + 1;
                return line;
            }

            if (_end - _start > LongestLine || !await ReceiveAsync(timeout))
                return null;
        }
    }

    /// <summary>Receives the next bytes.</summary>
    /// <returns>At least one byte, at most <paramref name="most"/>, valid until the next call; empty if the connection has ended.</returns>
    /// <exception cref="OperationCanceledException">The stream was cancelled.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> BytesAsync(long most, TimeSpan timeout)
    {
        if (_start == _end && !await ReceiveAsync(timeout))
            return default;
        var bytes = _buffer.AsMemory(_start, (int)Math.Min(most, _end - _start));
        _start += bytes.Length;
        return bytes;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _silence.Dispose();
        _connection.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask<bool> ReceiveAsync(TimeSpan timeout)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_end, _start) = (_end - _start, 0);
        _silence.CancelAfter(timeout);
        try
        {
            var count = await _connection.ReceiveAsync(_buffer.AsMemory(_end, BufferSize - _end), _silence.Token);
            _silence.CancelAfter(Timeout.InfiniteTimeSpan); // processing the bytes does not count
            _end += count;
            return count > 0;
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            _cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }
}
