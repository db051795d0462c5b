using System.Collections.Concurrent;
using System.Text;
using Shortline.Client.Requests;
using Shortline.Client.Tcp;
using Shortline.Client.Udp;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Client;

/// <summary>
/// Sends requests to a gateway, any number at a time on one UDP socket or TCP connection. If no response comes, the client sends a request
/// again: with the same id, so that the gateway recognises it; after growing waits; to another gateway if this one is silent or gone; and
/// within a budget of 20 % of the requests plus 10 a second. While servers refuse most requests for overload, the client sends only a part
/// of them. Thread-safe.
/// </summary>
public sealed class ShortlineClient : IDisposable
{
    private const string ThrottledError = "throttled: not sent, because servers refused most of this client's latest requests for overload";

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(10);

    private readonly ShortlineClientOptions _options;
    private readonly ConcurrentStack<PendingReply> _idle = new();
    private readonly RequestChannel _channel;
    private readonly IClientTransport _sockets;
    private readonly ITimer _sweeper;
    private int _sweeping;
    private int _disposed;

    /// <summary>Opens the UDP sockets, one for each gateway. TCP connections are opened when they are needed. Sends nothing yet.</summary>
    /// <param name="options">The gateways and how to reach them.</param>
    /// <param name="time">The clock of timeouts and retries; the system clock if null.</param>
    /// <exception cref="ArgumentException">
    /// There is no gateway, TLS is wanted for datagrams, or a number of the retry budget or the throttle is out of range.
    /// </exception>
    /// <exception cref="NoFreePortException">No local port of the range is free.</exception>
    public ShortlineClient(ShortlineClientOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Gateways.Count, 1, nameof(options));
        _options = options;
        time ??= TimeProvider.System;
        var random = new Random();
        var own = options.ClientId is { } id ? (int)(id % options.Gateways.Count) : random.Next(options.Gateways.Count);
        _sockets = ClientTransports.Open(options, own, new LocalPorts(options.PortRangeStart, options.PortRangeEnd), time, random);
        var settings = new ChannelSettings
        {
            ClientId = options.ClientId ?? -1,
            InFlightLimit = options.InFlightLimit,
            Retries = options.Retries,
            FirstRetryMs = options.FirstRetryMs,
            RetryBudgetPercent = options.RetryBudgetPercent,
            RetryBudgetPerSecond = options.RetryBudgetPerSecond,
            Throttle = options.Throttle,
            ThrottleMultiplier = options.ThrottleMultiplier,
            ThrottleWindowMs = options.ThrottleWindowMs,
            IsDirect = options.Transport == ClientTransport.Direct,
            FirstId = ChannelSettings.RandomFirstId(random),
        };
        try
        {
            _channel = new RequestChannel(_sockets, settings, time, random, new Owner(this));
        }
        catch
        {
            _sockets.Dispose();
            throw;
        }

        _sockets.ReadFor(_channel);
        _sweeper = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LocalPort = _sockets.LocalPort;
        Time = time;
    }

    /// <summary>The local UDP port to which the client's own gateway responds; 0 over TCP.</summary>
    public int LocalPort { get; }

    /// <summary>What the client has done so far.</summary>
    public ClientStatistics Statistics
    {
        get
        {
            var counters = _channel.Counters;
            return new ClientStatistics
            {
                Requests = counters.Requests,
                InFlight = _channel.InFlight,
                Throttled = counters.Throttled,
                ThrottleProbability = counters.ThrottleProbability,
                Overloads = counters.Overloads,
                Retries = counters.Retries,
                RetriesDenied = counters.RetriesDenied,
                RetriesThrottled = counters.RetriesThrottled,
            };
        }
    }

    internal TimeProvider Time { get; }

    /// <summary>Why the last TCP connection could not be used although a peer accepted it; null if it could.</summary>
    internal string? ConnectionFault => _sockets.ConnectionFault;

    internal ShortlineClientOptions Options => _options;

    /// <summary>Finds the endpoints of servers through these gateways.</summary>
    internal ServerLocator Locator => _sockets.Locator ?? ServerLocator.Of(this, Time, owned: false);

    /// <summary>
    /// Sends a request and waits for its outcome. Network and server failures do not throw; <see cref="Reply.Status"/> tells them.
    /// </summary>
    /// <param name="operation">The operation: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</param>
    /// <param name="payload">
    /// A JSON value, or empty. It is sent unchecked. The caller may change the memory once this method has returned.
    /// </param>
    /// <param name="timeoutMs">
    /// Milliseconds until the request is given up, retries included; 0 takes <see cref="ShortlineClientOptions.TimeoutMs"/>.
    /// </param>
    /// <param name="idempotent">False if running it twice would do harm. The client then sends it once, and again only if it was rejected,
    /// that is, has not
    /// run; it may end as <see cref="ResponseStatus.Lost"/> or without a response.</param>
    /// <param name="priority">How important the request is compared with others, 0 to 9: under overload, lower ones are refused first.</param>
    /// <param name="cancellation">Gives the request up. It may have run.</param>
    /// <exception cref="ArgumentException">The operation is not a name, or the payload does not fit into a datagram.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public ValueTask<Reply> SendAsync(
        string operation,
        ReadOnlyMemory<byte> payload = default,
        int timeoutMs = 0,
        bool idempotent = true,
        int priority = RequestParser.UsualPriority,
        CancellationToken cancellation = default) =>
        Send(operation, payload, timeoutMs, idempotent, priority, mayThrottle: true, cancellation);

    /// <summary>Closes the sockets. Requests in flight end without a response.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _sweeper.Dispose();
        _sockets.Dispose();
        _channel.EndAll();
    }

    /// <summary>
    /// Sends a request that is not throttled. It is part of a longer work, such as a download, which has few requests in flight and would
    /// fail as a whole.
    /// </summary>
    internal ValueTask<Reply> SendUnthrottledAsync(string operation, byte[] payload, int timeoutMs, CancellationToken cancellation) =>
        Send(operation, payload, timeoutMs, idempotent: true, RequestParser.UsualPriority, mayThrottle: false, cancellation);

    private ValueTask<Reply> Send(
        string operation,
        ReadOnlyMemory<byte> payload,
        int timeoutMs,
        bool idempotent,
        int priority,
        bool mayThrottle,
        CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(timeoutMs);
        ArgumentOutOfRangeException.ThrowIfNegative(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, RequestParser.HighestPriority);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<Reply>(cancellation);
        var tail = RequestTail.Make(_options.ClientId ?? -1, operation, payload.Span, idempotent, priority);

        var pending = !cancellation.CanBeCanceled && _idle.TryPop(out var idle) ? idle : new PendingReply(_idle.Push);
        var task = pending.Task;
        var id = _channel.TryStart(
            tail, Time.GetTimestamp(), timeoutMs == 0 ? _options.TimeoutMs : timeoutMs, pending, once: !idempotent, priority, mayThrottle);
        if (id is RequestChannel.Throttled or RequestChannel.LimitReached)
        {
            pending.Complete(NotSent(isThrottled: id == RequestChannel.Throttled));
            return task;
        }

        if (cancellation.CanBeCanceled)
            pending.CancelWith(_channel, id, cancellation);
        StartSweeping();
        return task;
    }

    private Reply NotSent(bool isThrottled) => new()
    {
        QueueLength = -1,
        IsThrottled = isThrottled,
        Error = isThrottled ? ThrottledError : $"not sent: {_options.InFlightLimit} requests are in flight, the limit of this client",
    };

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

        // The timer of an idle client stops. A thread that sends between these lines sees the sweeper running, so the last line restarts
        // it.
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
        RetryAfterMs = response.RetryAfterMs,
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
            text.Append("; no process listens there");
        if (ConnectionFault is { } fault)
            text.Append("; ").Append(fault);
        return text.ToString();
    }

    private sealed class Owner(ShortlineClient client) : IRequestOwner
    {
        public void OnEnded(in EndedRequest request, in ResponseView response) => client.Complete(request, response);
    }
}
