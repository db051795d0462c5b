using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Shortline.Gateway.Udp;
using Shortline.Hosting.Text;
using Shortline.Hosting.Tls;

namespace Shortline.Gateway.Tcp;

/// <summary>
/// The connection of one client: sends answers and decides when the connection ends. <see cref="LineReader"/> reads the requests.
/// </summary>
internal sealed class TcpConnection : IDisposable
{
    /// <summary>
    /// The last line of a connection that the gateway leaves. It has no id, because it is about the connection: requests without an answer
    /// before this line have not run.
    /// </summary>
    private static readonly byte[] Goodbye = "{\"status\":\"rejected\",\"reason\":\"connection_closing\"}\n"u8.ToArray();

    private readonly Socket _socket;

    /// <summary>The socket's stream, or the encrypted stream on top of it.</summary>
    private readonly Stream _stream;
    private readonly ServerCertificate? _certificate;
    private readonly TcpServices _services;
    private readonly TimeProvider _time;
    private readonly PeerAddress _address;
    private readonly UnreadAnswers _answers;

    /// <summary>Held while a line or a stream is sent, because they must not mix.</summary>
    private readonly SemaphoreSlim _sendTurn = new(1, 1);
    private TaskCompletionSource<byte[]>? _ask;
    private TaskCompletionSource? _room;
    private readonly CancellationTokenSource _reading = new();
    private bool _endAfterAnswers;
    private volatile bool _isLeaving;
    private volatile bool _isOpening;
    private volatile bool _maySpeakText;
    private int _sending;
    private long _taken;
    private long _unanswered;
    private int _mostUnanswered;
    private long _activeAt;
    private int _closed;

    /// <summary>Takes an accepted connection.</summary>
    /// <param name="socket">The socket, which the caller disposes after <see cref="Run"/>.</param>
    /// <param name="number">The number of the connection, see <see cref="TcpConnections"/>.</param>
    /// <param name="generation">The generation of the number.</param>
    /// <param name="services">What serves it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="certificate">The certificate with which it is encrypted; null if it is not.</param>
    /// <exception cref="IOException">The client has already disconnected.</exception>
    public TcpConnection(Socket socket, int number, uint generation, TcpServices services, TimeProvider time, ServerCertificate? certificate = null)
    {
        (_socket, _services, _time, _activeAt) = (socket, services, time, time.GetTimestamp());
        _mostUnanswered = services.MaxUnanswered;
        (_certificate, _isOpening) = (certificate, certificate is not null);
        _maySpeakText = services.Text is not null;
        var plain = new NetworkStream(socket, ownsSocket: false);
        _stream = certificate is null ? plain : new SslStream(plain);
        _answers = new UnreadAnswers(() => Volatile.Read(ref _endAfterAnswers) && !HasUnanswered, services.Memory);
        var remote = (IPEndPoint)socket.RemoteEndPoint!;
        Remote = new IPEndPoint(PlainAddress.WithoutMapping(remote.Address), remote.Port);
        _address = PeerAddress.OfConnection(number, generation, Remote);
        socket.NoDelay = true;
        if (_maySpeakText)
            KeepAlive(socket);
    }

    /// <summary>The address for answers to this connection.</summary>
    public ref readonly PeerAddress Address => ref _address;

    /// <summary>The address of the client, not mapped to IPv6.</summary>
    public IPEndPoint Remote { get; }

    /// <summary>Whether the connection has requests without an answer.</summary>
    public bool HasUnanswered => Interlocked.Read(ref _unanswered) > 0;

    /// <summary>Whether the client has so many unread answers that the connection must be closed.</summary>
    public bool IsOverfull => _answers.IsOverfull;

    /// <summary>Whether the client has not completed the TLS handshake yet.</summary>
    public bool IsOpening => _isOpening;

    /// <summary>Whether the client speaks the text protocol, or has not sent enough to tell.</summary>
    public bool MaySpeakText => _maySpeakText;

    /// <summary>Whether a client of the text protocol waits for the answer to a request. The deadline of the request ends that.</summary>
    public bool IsAsking => Volatile.Read(ref _ask) is not null;

    /// <summary>Why the connection must be closed; null if the client did nothing wrong.</summary>
    public string? Fault { get; set; }

    /// <summary>The timestamp of the latest complete request or sent answer.</summary>
    public long ActiveAt => Volatile.Read(ref _activeAt);

    /// <summary>Reads requests and writes answers until either side closes.</summary>
    public async Task Run()
    {
        var writing = Task.CompletedTask;
        try
        {
            if (_certificate is not null)
                await Encrypt((SslStream)_stream, _certificate).ConfigureAwait(false);
            writing = WriteAnswers();
            var speaksJson = await ReadRequests().ConfigureAwait(false);
            Volatile.Write(ref _endAfterAnswers, true);
            _answers.WakeIfAsleep();
            await writing.ConfigureAwait(false);
            if (_isLeaving && speaksJson)
                await SayGoodbye().ConfigureAwait(false);
            else if (_stream is SslStream encrypted)
                await encrypted.ShutdownAsync().ConfigureAwait(false); // Without it, the client has to assume that answers were cut off.
        }
        catch (AuthenticationException failure)
        {
            Fault = $"it does not use TLS as load_balancer.certificate requires, or does not accept the certificate ({failure.Message})";
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has disconnected, or the gateway has closed the connection.
        }
        finally
        {
            Close();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Reads no further requests, answers those that were read, and then tells the client that the others have not run. Without this, the
    /// client could not tell, because requests may be on the way. Call it when the dispatcher accepts nothing more.
    /// </summary>
    public void Leave()
    {
        _isLeaving = true;
        _ = _reading.CancelAsync();
    }

    private async Task Encrypt(SslStream stream, ServerCertificate certificate)
    {
        await stream.AuthenticateAsServerAsync(certificate.Options, _reading.Token).ConfigureAwait(false);
        _isOpening = false;
        Touch();
    }

    /// <returns>Whether the client speaks JSON.</returns>
    private async Task<bool> ReadRequests()
    {
        var reader = new LineReader(this, _services, _time);
        try
        {
            await reader.Run().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_isLeaving)
        {
            // It reads nothing more.
        }

        return reader.SpeaksJson;
    }

    /// <summary>
    /// Sends the last line and waits until the client closes the connection. If the gateway closed it first, data on the way from the client
    /// would reset it, and the client might not get the line.
    /// </summary>
    private async Task SayGoodbye()
    {
        await SendRaw(Goodbye).ConfigureAwait(false);
        if (_stream is SslStream encrypted)
            await encrypted.ShutdownAsync().ConfigureAwait(false);
        _socket.Shutdown(SocketShutdown.Send);
        var rest = new byte[1024];
        while (await _stream.ReadAsync(rest).ConfigureAwait(false) > 0)
        {
            // A request on the way, which the client sends elsewhere.
        }
    }

    /// <summary>Notes that the client speaks JSON.</summary>
    public void SpeaksJson() => _maySpeakText = false;

    /// <summary>Counts requests that are passed to the dispatcher.</summary>
    /// <param name="requests">Their number.</param>
    /// <param name="bytes">Their bytes, all together.</param>
    public void AddUnanswered(int requests, int bytes)
    {
        Touch();
        var most = (int)Math.Min(_services.MaxUnanswered, (long)_services.UnansweredBytes * requests / Math.Max(1, bytes));
        Volatile.Write(ref _mostUnanswered, Math.Max(2, most));
        Interlocked.Add(ref _unanswered, requests);
    }

    /// <summary>Adds an answer. Called from any thread.</summary>
    /// <returns>Whether the caller must call <see cref="Send"/>.</returns>
    public bool Write(ReadOnlySpan<byte> answer)
    {
        var wake = false;
        if (Interlocked.Exchange(ref _ask, null) is { } ask)
            ask.TrySetResult(answer.ToArray());
        else
            wake = _answers.Add(answer);

        // In this order: the sender ends when no request is unanswered and every answer is taken.
        RemoveUnanswered();
        return wake;
    }

    /// <summary>Counts an answer, or a request whose answer goes elsewhere because the client repeated it from another socket.</summary>
    public void RemoveUnanswered()
    {
        var left = Interlocked.Decrement(ref _unanswered);
        if (left <= Volatile.Read(ref _mostUnanswered) / 2)
            Volatile.Read(ref _room)?.TrySetResult();
        if (left == 0 && Volatile.Read(ref _endAfterAnswers))
            ThreadPool.UnsafeQueueUserWorkItem(static answers => answers.WakeIfAsleep(), _answers, preferLocal: false);
    }

    /// <summary>Sends the answers that were added.</summary>
    public void Send() => _answers.Wake();

    /// <summary>Waits until the client has read most of its answers and has few enough unanswered requests.</summary>
    public Task Drained()
    {
        var drained = _answers.Drained();
        return drained.IsCompleted && Interlocked.Read(ref _unanswered) < Volatile.Read(ref _mostUnanswered)
            ? Task.CompletedTask
            : DrainedAndAnswered(drained);
    }

    private async Task DrainedAndAnswered(Task drained)
    {
        await drained.ConfigureAwait(false);
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _room, room);
        Interlocked.MemoryBarrier();
        if (Interlocked.Read(ref _unanswered) > Volatile.Read(ref _mostUnanswered) / 2 && Volatile.Read(ref _closed) == 0)
            await room.Task.ConfigureAwait(false);
        Volatile.Write(ref _room, null);
    }

    /// <summary>
    /// Sends a request to the dispatcher for a client of the text protocol and returns the answer instead of sending it. One request at a
    /// time.
    /// </summary>
    /// <exception cref="OperationCanceledException">The connection is closed.</exception>
    public async Task<byte[]> Ask(byte[] request)
    {
        var ask = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ask = ask;
        AddUnanswered(1, request.Length);
        _services.Dispatcher.OnRequests(new SingleRequest(request, _address), 1);
        if (Volatile.Read(ref _closed) != 0)
            ask.TrySetCanceled();
        return await ask.Task.ConfigureAwait(false);
    }

    /// <summary>Receives the next bytes from the client.</summary>
    /// <returns>The number of bytes received; 0 if the client has closed its side.</returns>
    /// <exception cref="OperationCanceledException">The connection reads nothing more, see <see cref="Leave"/>.</exception>
    public ValueTask<int> Receive(Memory<byte> buffer) => _stream.ReadAsync(buffer, _reading.Token);

    /// <summary>As <see cref="Receive(Memory{byte})"/>, with a second reason to give up.</summary>
    public async ValueTask<int> Receive(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_reading.Token, cancellationToken);
        return await _stream.ReadAsync(buffer, either.Token).ConfigureAwait(false);
    }

    /// <summary>Sends a stream. No line is sent until it ends.</summary>
    public async Task SendStream(Func<TcpConnection, Task> stream)
    {
        await _sendTurn.WaitAsync().ConfigureAwait(false);
        try
        {
            Touch();
            BeginSending();
            await stream(this).ConfigureAwait(false);
        }
        finally
        {
            EndSending();
            _sendTurn.Release();
        }
    }

    /// <summary>Sends bytes unchanged. Used by streams and by the text protocol.</summary>
    public ValueTask SendRaw(ReadOnlyMemory<byte> bytes)
    {
        var piece = PieceOf(bytes);
        var sending = _stream.WriteAsync(piece);
        if (!sending.IsCompletedSuccessfully || piece.Length < bytes.Length)
            return SendRest(sending, bytes[piece.Length..]);

        Touch();
        return sending;
    }

    private async ValueTask SendRest(ValueTask sending, ReadOnlyMemory<byte> rest)
    {
        BeginSending();
        await sending.ConfigureAwait(false);
        Touch();
        while (!rest.IsEmpty)
        {
            var piece = PieceOf(rest);
            await _stream.WriteAsync(piece).ConfigureAwait(false);
            Touch();
            rest = rest[piece.Length..];
        }

        EndSending();
    }

    /// <summary>Has <see cref="NoteProgress"/> look at the connection, because much is sent.</summary>
    public void BeginSending() => Interlocked.Increment(ref _sending);

    /// <summary>Ends that.</summary>
    public void EndSending() => Interlocked.Decrement(ref _sending);

    /// <summary>
    /// Counts as activity what the client has taken of the bytes that are being sent. The system takes the next piece only when a large part of
    /// its buffer is free, which is minutes for a client that reads a few kilobytes a second.
    /// </summary>
    public void NoteProgress()
    {
        if (Volatile.Read(ref _sending) == 0 || TakenBytes.Of(_socket) is not { } taken || taken == _taken)
            return;
        _taken = taken;
        Touch();
    }

    /// <summary>Returns a bounded first piece, so that the progress of a slow client is visible.</summary>
    private static ReadOnlyMemory<byte> PieceOf(ReadOnlyMemory<byte> bytes) => bytes[..Math.Min(bytes.Length, UnreadAnswers.KeptBuffer)];

    /// <summary>Notes that the connection is active.</summary>
    public void Touch() => Volatile.Write(ref _activeAt, _time.GetTimestamp());

    /// <summary>Closes the connection now, whether or not all requests are answered.</summary>
    /// <returns>False if it was closed before.</returns>
    public bool Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return false;

        _socket.Dispose();
        _answers.Close();
        Interlocked.Exchange(ref _ask, null)?.TrySetCanceled();
        Volatile.Read(ref _room)?.TrySetResult();
        return true;
    }

    /// <summary>Resets the connection, so that the client sees a failure. An orderly end would mean success.</summary>
    public void Reset()
    {
        if (Volatile.Read(ref _closed) == 0)
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Close();
    }

    /// <summary>Call it after <see cref="Run"/> has completed.</summary>
    public void Dispose()
    {
        Close();
        _stream.Dispose();
        _reading.Dispose();
        _sendTurn.Dispose();
    }

    /// <summary>
    /// Has the system find out within two minutes that a client is gone without a word, because it may rest for an hour.
    /// </summary>
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 6);
    }

    private async Task WriteAnswers()
    {
        try
        {
            await WriteUntilEnd().ConfigureAwait(false);
        }
        catch
        {
            // The reader may wait for the client to read its answers, which does not happen any more.
            Close();
            throw;
        }
    }

    private async Task WriteUntilEnd()
    {
        var spare = ArrayPool<byte>.Shared.Rent(UnreadAnswers.UsualBuffer);
        while (true)
        {
            await _answers.Woken().ConfigureAwait(false);
            var count = _answers.Take(ref spare);
            for (; count > 0; count = _answers.Take(ref spare))
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

            if (count == UnreadAnswers.End)
                return;
        }
    }
}
