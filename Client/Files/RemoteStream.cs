using System.Buffers;
using System.Net.Sockets;

namespace Shortline.Client;

/// <summary>
/// A connection to a server on which one file comes as a stream: a line, bytes, a line. Says nothing by exceptions that networks do: what breaks, or
/// brings nothing for too long, has ended.
/// </summary>
internal sealed class RemoteStream : IDisposable
{
    /// <summary>A line that says what comes holds a name and some numbers.</summary>
    private const int LongestLine = 16 * 1024;

    private const int BufferSize = 128 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private readonly Socket _socket;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenRegistration _stop;
    private readonly CancellationToken _cancellation;
    private int _start;
    private int _end;

    /// <param name="socket">The connection; closed with this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public RemoteStream(Socket socket, TimeProvider time, CancellationToken cancellation)
    {
        (_socket, _cancellation) = (socket, cancellation);
        _silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stop = cancellation.UnsafeRegister(static silence => ((CancellationTokenSource)silence!).Cancel(), _silence);
    }

    /// <summary>Asks for something.</summary>
    /// <returns>False if the connection has ended.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, TimeSpan patience)
    {
        _silence.CancelAfter(patience);
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await _socket.SendAsync(bytes, _silence.Token)..];
            return true;
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            _cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>The next line, without its end.</summary>
    /// <returns>Valid until the next call; null if the connection has ended or what comes is no line.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<ReadOnlyMemory<byte>?> LineAsync(TimeSpan patience)
    {
        while (true)
        {
            if (_buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n') is var length and >= 0)
            {
                var line = _buffer.AsMemory(_start, length);
                _start += length + 1;
                return line;
            }

            if (_end - _start > LongestLine || !await ReceiveAsync(patience))
                return null;
        }
    }

    /// <summary>The next bytes, at most so many.</summary>
    /// <returns>Valid until the next call; empty if the connection has ended.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> BytesAsync(long most, TimeSpan patience)
    {
        if (_start == _end && !await ReceiveAsync(patience))
            return default;
        var bytes = _buffer.AsMemory(_start, (int)Math.Min(most, _end - _start));
        _start += bytes.Length;
        return bytes;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _silence.Dispose();
        _socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask<bool> ReceiveAsync(TimeSpan patience)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_end, _start) = (_end - _start, 0);
        _silence.CancelAfter(patience);
        try
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(_end, BufferSize - _end), _silence.Token);
            _silence.CancelAfter(Timeout.InfiniteTimeSpan); // what is done with the bytes takes as long as it takes
            _end += count;
            return count > 0;
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            _cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }
}
