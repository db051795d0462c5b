using System.Collections.Concurrent;
using System.Text;
using Shortline.Hosting;
using Shortline.Protocol;

namespace Shortline.Client;

/// <summary>
/// Sends requests to a gateway, any number at a time on one UDP socket or TCP connection, and again if an answer fails to come: with the same id,
/// so that the gateway knows it, ever more seldom, to another gateway if this one is silent or gone, and within a budget of 20 % of the requests
/// plus 10 a second. Safe for any number of threads.
/// </summary>
public sealed class ShortlineClient : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(10);

    private readonly ShortlineClientOptions _options;
    private readonly ConcurrentStack<PendingReply> _idle = new();
    private readonly RequestChannel _channel;
    private readonly IClientTransport _sockets;
    private readonly ITimer _sweeper;
    private int _sweeping;
    private int _disposed;

    /// <summary>Opens the sockets, one for each gateway; connections are opened when they are needed. Says nothing to the gateways yet.</summary>
    /// <param name="options">Where to, and how.</param>
    /// <param name="time">The clock of timeouts and retries; the system's if null.</param>
    /// <exception cref="StartFailedException">No local port of the range is free.</exception>
    public ShortlineClient(ShortlineClientOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Gateways.Count, 1, nameof(options));
        _options = options;
        time ??= TimeProvider.System;
        var random = new Random();
        var own = options.ClientId is { } id ? (int)(id % options.Gateways.Count) : random.Next(options.Gateways.Count);
        _sockets = ClientSockets.Open(options, own, new LocalPorts(options.PortRangeStart, options.PortRangeEnd), time, random);
        var settings = new ChannelSettings
        {
            ClientId = options.ClientId ?? -1,
            InFlightLimit = options.InFlightLimit,
            Retries = options.Retries,
            FirstRetryMs = options.FirstRetryMs,
            IsDirect = options.Transport == ClientTransport.Direct,
            FirstId = ChannelSettings.RandomFirstId(random),
        };
        _channel = new RequestChannel(_sockets, settings, time, random, new Owner(this));
        _sockets.ReadFor(_channel);
        _sweeper = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LocalPort = _sockets.LocalPort;
        Time = time;
    }

    /// <summary>The port that the answers of its own gateway come to; 0 over TCP.</summary>
    public int LocalPort { get; }

    internal TimeProvider Time { get; }

    internal ShortlineClientOptions Options => _options;

    /// <summary>Finds servers' own endpoints, through these gateways.</summary>
    internal ServerLocator Locator => _sockets.Locator ?? ServerLocator.Of(this, Time, owned: false);

    /// <summary>Sends a request and waits for what becomes of it. Never throws for what networks and servers do: see the reply's status.</summary>
    /// <param name="operation">What to do: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</param>
    /// <param name="payload">A JSON value, or empty. It goes as it is, and may be changed once this method has returned.</param>
    /// <param name="timeoutMs">Milliseconds until it is given up, retries included; 0 takes <see cref="ShortlineClientOptions.TimeoutMs"/>.</param>
    /// <param name="idempotent">False if running it twice would do harm. Then it is sent once, and again only if it was rejected, that is, has not
    /// run; it may end as <see cref="ResponseStatus.Lost"/> or without an answer.</param>
    /// <param name="cancellation">Gives the request up; whether it ran is not known then.</param>
    /// <exception cref="ArgumentException">The operation is not a name, or the payload does not fit into a datagram.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first.</exception>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public ValueTask<Reply> SendAsync(
        string operation,
        ReadOnlyMemory<byte> payload = default,
        int timeoutMs = 0,
        bool idempotent = true,
        CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(timeoutMs);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<Reply>(cancellation);
        var tail = RequestTail.Make(_options.ClientId ?? -1, operation, payload.Span, idempotent);

        var pending = !cancellation.CanBeCanceled && _idle.TryPop(out var idle) ? idle : new PendingReply(_idle.Push);
        var task = pending.Task;
        var id = _channel.TryStart(tail, Time.GetTimestamp(), timeoutMs == 0 ? _options.TimeoutMs : timeoutMs, pending, once: !idempotent);
        if (id < 0)
        {
            pending.Complete(new Reply { QueueLength = -1, Error = $"not sent: {_options.InFlightLimit} requests are in flight, the limit of this client" });
            return task;
        }

        if (cancellation.CanBeCanceled)
            pending.CancelWith(_channel, id, cancellation);
        StartSweeping();
        return task;
    }

    /// <summary>Closes the sockets. Requests in flight end without an answer.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _sweeper.Dispose();
        _sockets.Dispose();
        _channel.EndAll();
    }

    private void StartSweeping()
    {
        if (Volatile.Read(ref _sweeping) == 0 && Interlocked.Exchange(ref _sweeping, 1) == 0)
            _sweeper.Change(SweepInterval, SweepInterval);
    }

    private void Sweep()
    {
        _channel.Sweep();
        if (_channel.InFlight > 0)
            return;

        // An idle client does not wake up. Who sends between these lines sees that the sweeper runs, and the last line starts it again.
        _sweeper.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Interlocked.Exchange(ref _sweeping, 0);
        if (_channel.InFlight > 0)
            StartSweeping();
    }

    private void Complete(in EndedRequest request, in ResponseView response) => ((PendingReply)request.Context!).Complete(new Reply
    {
        Status = request.Answered ? response.Status : null,
        Result = response.Result.ToArray(),
        Error = request.Answered ? ErrorOf(response) : NoAnswer(request),
        ServerId = response.ServerId.IsEmpty ? null : response.ServerIdText(),
        QueueLength = request.Answered ? response.QueueLength : -1,
        Elapsed = request.Elapsed,
        TimesSent = request.Sent,
    });

    private static string? ErrorOf(in ResponseView response)
    {
        if (response.Status == ResponseStatus.Ok)
            return null;
        var text = response.Error.IsEmpty ? response.ReasonText() : response.ErrorText();
        return text.Length > 0 ? text : ResponseStatuses.Name(response.Status);
    }

    private string NoAnswer(in EndedRequest request)
    {
        var text = new StringBuilder($"no answer from {string.Join(" or ", _options.Gateways)} within {request.Elapsed.TotalMilliseconds:F0} ms, sent {request.Sent} times");
        if (_channel.Counters.Refused > 0)
            text.Append("; nobody listens there");
        return text.ToString();
    }

    private sealed class Owner(ShortlineClient client) : IRequestOwner
    {
        public void OnEnded(in EndedRequest request, in ResponseView response) => client.Complete(request, response);
    }
}
