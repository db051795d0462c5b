using System.Net;
using System.Net.Sockets;

namespace Shortline.Gateway;

/// <summary>One client's connection: what is sent on it, and when it ends. What the client sends is read by <see cref="LineReader"/>.</summary>
internal sealed class TcpConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly TcpServices _services;
    private readonly TimeProvider _time;
    private readonly PeerAddress _address;
    private readonly UnreadAnswers _answers = new();

    /// <summary>Who sends: lines and streams take turns.</summary>
    private readonly SemaphoreSlim _sendTurn = new(1, 1);
    private TaskCompletionSource<byte[]>? _ask;
    private TaskCompletionSource? _room;
    private bool _endAfterAnswers;
    private long _unanswered;
    private long _activeAt;
    private int _closed;

    public TcpConnection(Socket socket, int number, uint generation, TcpServices services, TimeProvider time)
    {
        (_socket, _services, _time, _activeAt) = (socket, services, time, time.GetTimestamp());
        Remote = (IPEndPoint)socket.RemoteEndPoint!;
        _address = PeerAddress.OfConnection(number, generation, Remote);
        socket.NoDelay = true;
    }

    /// <summary>Where answers for it go.</summary>
    public ref readonly PeerAddress Address => ref _address;

    /// <summary>Who is at its other end.</summary>
    public IPEndPoint Remote { get; }

    /// <summary>Whether requests of it are not answered.</summary>
    public bool HasUnanswered => Interlocked.Read(ref _unanswered) > 0;

    /// <summary>Whether the client has left so many answers unread that there is nothing to be done but to close it.</summary>
    public bool IsOverfull => _answers.IsOverfull;

    /// <summary>What it sent that nothing can be done about; null if there is no such thing.</summary>
    public string? Fault { get; set; }

    /// <summary>When a whole request came from it or something was sent to it last, as a timestamp.</summary>
    public long ActiveAt => Volatile.Read(ref _activeAt);

    /// <summary>Reads requests and writes answers until either side closes.</summary>
    public async Task Run()
    {
        var writing = WriteAnswers();
        try
        {
            await new LineReader(this, _services, _time).Run().ConfigureAwait(false);
            Volatile.Write(ref _endAfterAnswers, true);
            _answers.WakeIfAsleep();
            await writing.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or we have closed it.
        }
        finally
        {
            Close();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Requests of it go to the dispatcher.</summary>
    public void Asked(int requests)
    {
        Touch();
        Interlocked.Add(ref _unanswered, requests);
    }

    /// <summary>Takes an answer. From any thread.</summary>
    /// <returns>Whether <see cref="Send"/> is to be called.</returns>
    public bool Write(ReadOnlySpan<byte> answer)
    {
        Unask();
        if (Interlocked.Exchange(ref _ask, null) is not { } ask)
            return _answers.Add(answer);
        ask.TrySetResult(answer.ToArray());
        return false;
    }

    /// <summary>A request of it was asked again from elsewhere: the answer goes there.</summary>
    public void Unask()
    {
        if (Interlocked.Decrement(ref _unanswered) == _services.MaxUnanswered / 2)
            Volatile.Read(ref _room)?.TrySetResult();
    }

    /// <summary>Sends the answers that were taken.</summary>
    public void Send() => _answers.Wake();

    /// <summary>Waits until the client has read most of its answers, and has not too many to get.</summary>
    public Task Drained()
    {
        var drained = _answers.Drained();
        return drained.IsCompleted && Interlocked.Read(ref _unanswered) < _services.MaxUnanswered ? Task.CompletedTask : DrainedAndAnswered(drained);
    }

    private async Task DrainedAndAnswered(Task drained)
    {
        await drained.ConfigureAwait(false);
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _room, room);
        Interlocked.MemoryBarrier();
        if (Interlocked.Read(ref _unanswered) > _services.MaxUnanswered / 2 && Volatile.Read(ref _closed) == 0)
            await room.Task.ConfigureAwait(false);
        Volatile.Write(ref _room, null);
    }

    /// <summary>Asks on behalf of a client that does not speak JSON: the answer is not sent, but returned. One question at a time.</summary>
    /// <exception cref="OperationCanceledException">The connection has closed.</exception>
    public async Task<byte[]> Ask(byte[] request)
    {
        var ask = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ask = ask;
        Asked(1);
        _services.Dispatcher.OnRequests(new SingleRequest(request, _address), 1);
        if (Volatile.Read(ref _closed) != 0)
            ask.TrySetCanceled();
        return await ask.Task.ConfigureAwait(false);
    }

    /// <summary>Reads what the client sends next.</summary>
    /// <returns>Bytes read; 0 if the client has closed its side.</returns>
    public ValueTask<int> Receive(Memory<byte> buffer, CancellationToken cancellationToken = default) => _socket.ReceiveAsync(buffer, cancellationToken);

    /// <summary>Sends an answer that is no line.</summary>
    public async Task SendStream(Func<TcpConnection, Task> stream)
    {
        await _sendTurn.WaitAsync().ConfigureAwait(false);
        try
        {
            Touch();
            await stream(this).ConfigureAwait(false);
        }
        finally
        {
            _sendTurn.Release();
        }
    }

    /// <summary>Sends bytes as they are. For streams, and for conversations of another kind than lines of JSON.</summary>
    public ValueTask SendRaw(ReadOnlyMemory<byte> bytes)
    {
        var first = SendPiece(bytes);
        if (!first.IsCompletedSuccessfully)
            return SendRest(first, bytes);

        var sent = first.Result;
        Touch();
        return sent == bytes.Length ? ValueTask.CompletedTask : SendRest(new ValueTask<int>(sent), bytes);
    }

    private async ValueTask SendRest(ValueTask<int> piece, ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            bytes = bytes[await piece.ConfigureAwait(false)..];
            Touch();
            if (bytes.IsEmpty)
                return;
            piece = SendPiece(bytes);
        }
    }

    /// <summary>Not all at once, so that a client that reads slowly is seen to read.</summary>
    private ValueTask<int> SendPiece(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes[..Math.Min(bytes.Length, UnreadAnswers.KeptBuffer)]);

    /// <summary>Something happens on it.</summary>
    public void Touch() => Volatile.Write(ref _activeAt, _time.GetTimestamp());

    /// <summary>Closes it now, answered or not.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;

        _socket.Dispose();
        _answers.Close();
        Interlocked.Exchange(ref _ask, null)?.TrySetCanceled();
        Volatile.Read(ref _room)?.TrySetResult();
    }

    /// <summary>Closes it so that the client sees a failure, where an orderly end means that all went well.</summary>
    public void Reset()
    {
        if (Volatile.Read(ref _closed) == 0)
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Close();
    }

    /// <summary>After <see cref="Run"/>.</summary>
    public void Dispose()
    {
        Close();
        _sendTurn.Dispose();
    }

    private async Task WriteAnswers()
    {
        var spare = new byte[2048];
        while (true)
        {
            await _answers.Woken().ConfigureAwait(false);
            while (_answers.Take(ref spare) is var count and > 0)
            {
                await _sendTurn.WaitAsync().ConfigureAwait(false);
                try
                {
                    await SendRaw(spare.AsMemory(0, count)).ConfigureAwait(false);
                }
                finally
                {
                    _sendTurn.Release();
                }
            }

            if (Volatile.Read(ref _closed) != 0 || (Volatile.Read(ref _endAfterAnswers) && !HasUnanswered))
                return;
        }
    }
}
