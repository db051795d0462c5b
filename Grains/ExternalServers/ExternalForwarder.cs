using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Logs;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.ExternalServers;

/// <summary>
/// Sends requests to external servers over UDP, as the JSON that clients send, and matches the answers to them. One forwarder serves a
/// whole silo.
/// </summary>
/// <remarks>
/// The forwarder gives each request an id of its own. The ids begin at random, so an answer to a request of an earlier silo is not taken
/// for an answer to one of this silo. An answer counts only if it comes from the address that the request was sent to.
/// </remarks>
internal sealed partial class ExternalForwarder : IDisposable
{
    /// <summary>
    /// Requests without an answer at most. Each server forwards no more than its concurrency, so only very many servers reach this.
    /// </summary>
    private const int Limit = 65_536;

    private readonly ConcurrentDictionary<long, ForwardedRequest> _waiting = new();
    private readonly ConcurrentDictionary<(AddressFamily Family, bool Loopback), Socket> _sockets = new();
    private readonly Lock _lock = new();
    private readonly ILogger _logger;
    private readonly RateLimitedLog<IPEndPoint> _unreadable;
    private long _lastId;
    private bool _disposed;

    public ExternalForwarder(ILogger<ExternalForwarder> logger, TimeProvider time)
    {
        _logger = logger;
        _unreadable = new(time, TimeSpan.FromSeconds(10), keyLimit: ExternalServerId.Limit);

        // Below 2^53: an external server that reads numbers as doubles keeps such ids exactly.
        _lastId = new Random().NextInt64(1L << 40, 1L << 52);
    }

    /// <summary>Requests without an answer.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Forwards a request and waits for the answer.</summary>
    public Task<WorkOutcome> Ask(ExternalServerEndPoint to, in WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        Span<byte> operation = stackalloc byte[OperationName.MaxLength];
        operation = operation[..System.Text.Encoding.UTF8.GetBytes(request.Operation, operation)];
        return Send(
            to,
            new Request
            {
                Id = Interlocked.Increment(ref _lastId),
                Operation = operation,
                Payload = request.Payload.Span,
                ClientId = request.ClientId > 0 ? request.ClientId : -1,
                TimeoutMs = Math.Max(1, (int)request.TimeLeft.TotalMilliseconds),
            },
            result,
            cancellationToken);
    }

    /// <summary>Sends a probe and waits for any answer. The task is cancelled if the probe cannot be sent.</summary>
    public Task<WorkOutcome> Probe(ExternalServerEndPoint to, CancellationToken cancellationToken) => Send(
        to, new Request { Id = Interlocked.Increment(ref _lastId), Operation = "test_response_time"u8 }, result: null, cancellationToken);

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var socket in _sockets.Values)
                socket.Dispose();
        }
    }

    private Task<WorkOutcome> Send(ExternalServerEndPoint to, in Request request, IBufferWriter<byte>? result, CancellationToken cancellationToken)
    {
        if (_waiting.Count >= Limit)
            return Task.FromResult(WorkOutcome.Of(WorkOutcomeKind.Rejected, "too many requests are forwarded"));
        var datagram = ArrayPool<byte>.Shared.Rent(RequestParser.MaxDatagram);
        try
        {
            var length = RequestWriter.Write(datagram.AsSpan(0, RequestParser.MaxDatagram), request);
            if (length < 0)
                return Task.FromResult(WorkOutcome.Invalid("the request is too large to be forwarded"));
            var forwarded = new ForwardedRequest(to, result);
            _waiting[request.Id] = forwarded;
            if (!TrySend(to, datagram.AsSpan(0, length)) && _waiting.TryRemove(request.Id, out _))
                forwarded.NotSent();
            return cancellationToken.CanBeCanceled ? CancelInTime(request.Id, forwarded, cancellationToken) : forwarded.Answer;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(datagram);
        }
    }

    private async Task<WorkOutcome> CancelInTime(long id, ForwardedRequest forwarded, CancellationToken token)
    {
        await using var registration = token.UnsafeRegister(
            _ =>
            {
                if (_waiting.TryRemove(id, out var late))
                    late.Cancel(token);
            },
            state: null);
        return await forwarded.Answer.ConfigureAwait(false);
    }

    private bool TrySend(ExternalServerEndPoint to, ReadOnlySpan<byte> datagram)
    {
        try
        {
            SocketFor(to).SendTo(datagram, SocketFlags.None, to.SocketAddress);
            return true;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            LogNotSent(_logger, to.EndPoint, failure.Message);
            return false;
        }
    }

    /// <summary>
    /// Returns the socket for an external server. Those of this machine get one on the loopback address, which no other machine can send
    /// to.
    /// </summary>
    private Socket SocketFor(ExternalServerEndPoint to)
    {
        var key = (to.EndPoint.AddressFamily, IPAddress.IsLoopback(to.EndPoint.Address));
        return _sockets.TryGetValue(key, out var socket) ? socket : Open(key);
    }

    private Socket Open((AddressFamily Family, bool Loopback) key)
    {
        lock (_lock)
        {
            if (_sockets.TryGetValue(key, out var present))
                return present;
            ObjectDisposedException.ThrowIf(_disposed, this);
            var v6 = key.Family == AddressFamily.InterNetworkV6;
            var any = v6 ? IPAddress.IPv6Any : IPAddress.Any;
            var socket = new Socket(key.Family, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                if (OperatingSystem.IsWindows())
                    socket.IOControl(unchecked((int)0x9800000C), [0, 0, 0, 0], null); // SIO_UDP_CONNRESET: a closed port elsewhere must not fail this socket.
                socket.Bind(new IPEndPoint(key.Loopback ? v6 ? IPAddress.IPv6Loopback : IPAddress.Loopback : any, 0));
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            _sockets[key] = socket;
            _ = Task.Run(() => Receive(socket, key.Family));
            return socket;
        }
    }

    private async Task Receive(Socket socket, AddressFamily family)
    {
        var datagram = new byte[RequestParser.MaxDatagram];
        var sender = new SocketAddress(family);
        while (!_disposed)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(datagram, SocketFlags.None, sender).ConfigureAwait(false);
                Settle(datagram.AsSpan(0, length), sender);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure)
            {
                // The datagram was larger than any answer, or the system reports an earlier error late. The socket stays usable.
                LogNotReceived(_logger, failure.Message);
            }
        }
    }

    private void Settle(ReadOnlySpan<byte> datagram, SocketAddress sender)
    {
        if (!ResponseParser.TryParse(datagram, out var response) || response.IntegerId is not { } id)
        {
            NoteUnreadable(datagram, sender);
            return;
        }

        if (!_waiting.TryGetValue(id, out var forwarded)
            || !forwarded.To.IsSender(sender)
            || !_waiting.TryRemove(id, out _))
        {
            return; // The answer is late, or answers nothing that was asked.
        }

        forwarded.Complete(response);
    }

    /// <summary>The server's requests end by their deadlines, so without this nothing would say why.</summary>
    private void NoteUnreadable(ReadOnlySpan<byte> datagram, SocketAddress sender)
    {
        var server = (IPEndPoint)new IPEndPoint(sender.Family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0).Create(sender);
        if (_unreadable.TryPass(server, out var suppressed))
            LogUnreadable(_logger, server, ResponseFault.Of(datagram), suppressed);
    }

    [LoggerMessage(2153, LogLevel.Warning, "The external server at {Server} answered what cannot be read: {Reason}; {Suppressed} more since the last such line")]
    private static partial void LogUnreadable(ILogger logger, IPEndPoint server, string reason, long suppressed);

    [LoggerMessage(2151, LogLevel.Debug, "The external server at {EndPoint} cannot be reached: {Failure}")]
    private static partial void LogNotSent(ILogger logger, IPEndPoint endPoint, string failure);

    [LoggerMessage(2152, LogLevel.Debug, "An answer of an external server could not be received: {Failure}")]
    private static partial void LogNotReceived(ILogger logger, string failure);
}
