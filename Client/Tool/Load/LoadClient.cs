using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Shortline.Client.Requests;
using Shortline.Client.Udp;
using Shortline.Hosting.Logs;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Load;

/// <summary>One client of a <see cref="LoadDriver"/>: its sockets, the threads that read them, and its totals.</summary>
internal sealed partial class LoadClient : IRequestOwner, IDisposable
{
    private readonly Lock _lock = new();
    private readonly LoadTotals _totals = new();
    private readonly LoadDriver _driver;
    private readonly LoadCount _count;
    private readonly TimeProvider _time;
    private readonly int _timeoutMs;
    private readonly bool _idempotent;
    private readonly int _priority;
    private readonly RequestChannel _channel;
    private readonly IClientTransport _sockets;
    private readonly ILogger _log;
    private readonly RateLimitedLog<string> _failures;
    private volatile byte[][] _tails;
    private uint _nextTail;
    private readonly PauseRange? _pause;
    private long _nextAt = long.MinValue;

    public LoadClient(LoadDriver driver, LoadCount count, LoadSettings settings, long id, int gateway, LocalPorts ports, TimeProvider time, ILogger log)
    {
        _driver = driver;
        _count = count;
        _time = time;
        _timeoutMs = settings.TimeoutMs;
        _pause = settings.Pause;
        _idempotent = settings.Idempotent;
        _priority = settings.Priority;
        _log = log;
        _failures = new RateLimitedLog<string>(time, TimeSpan.FromSeconds(1));
        Id = id;
        _nextTail = (uint)id * 2654435761; // a multiplicative hash (Knuth), so that clients start at different payloads
        Use(new LoadWork(settings.Operation, [settings.Payload]));
        var random = new Random();
        var channel = new ChannelSettings
        {
            ClientId = id,
            InFlightLimit = settings.InFlightLimit,
            Retries = settings.Retries,
            RetryBudgetPercent = settings.RetryBudgetPercent,
            RetryBudgetPerSecond = settings.RetryBudgetPerSecond,
            Throttle = settings.Throttle,
            IsDirect = settings.Transport == ClientTransport.Direct,
            FirstId = ChannelSettings.RandomFirstId(random),
        };
        var options = new ShortlineClientOptions
        {
            Gateways = settings.Gateways,
            Transport = settings.Transport,
            Tls = settings.Tls,
            ClientId = id,
            Retries = settings.Retries,
        };
        _sockets = ClientTransports.Open(options, gateway, ports, time, random);
        LocalPort = _sockets.LocalPort;
        _channel = new RequestChannel(_sockets, channel, time, random, this);
        _sockets.ReadFor(_channel);
        LogStart(id, settings.Transport, LocalPort, settings.Gateways[gateway]);
    }

    public long Id { get; }

    public int LocalPort { get; }

    public int InFlight => _channel.InFlight;

    /// <summary>Why its last TCP connection could not be used although a peer accepted it; null if it could.</summary>
    public string? ConnectionFault => _sockets.ConnectionFault;

    /// <summary>Requests that have ended, throttled ones included.</summary>
    public long Ended
    {
        get
        {
            var throttled = _channel.Counters.Throttled;
            lock (_lock)
                return _totals.Ended + throttled;
        }
    }

    /// <summary>Changes what the requests from now on ask for.</summary>
    [MemberNotNull(nameof(_tails))]
    public void Use(LoadWork work) =>
        _tails = [.. work.Payloads.Select(payload => RequestTail.Make(Id, work.Operation, payload.Span, _idempotent, _priority))];

    /// <summary>Starts one request, which has been counted. It may be throttled.</summary>
    /// <param name="startedAt">The timestamp from which its latency counts.</param>
    /// <returns>Whether it was sent. If not, it has ended.</returns>
    public bool TryStart(long startedAt)
    {
        var id = _channel.TryStart(NextTail(), startedAt, _timeoutMs, null, once: !_idempotent, _priority);
        if (id == RequestChannel.LimitReached)
            _count.OnNotSent();
        return id >= 0;
    }

    /// <summary>
    /// Closed loop: starts requests until <see cref="LoadDriver.Outstanding"/> of them are in flight, or one is not sent. The loop goes on
    /// with the next response or sweep, so that it does not spin while requests are throttled.
    /// </summary>
    public void TopUp()
    {
        while (!_driver.Paused && _channel.InFlight < _driver.Outstanding && _count.TryStart() && TryStart(_time.GetTimestamp()))
        {
        }
    }

    /// <summary>With pauses between requests: starts one if it is due. Called by one thread.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="random">The source of randomness of that thread.</param>
    public void StartIfDue(long now, Random random)
    {
        if (_pause is null || now < _nextAt || _driver.Paused || !_count.TryStart())
            return;
        _nextAt = now + (long)(_pause.Draw(random).TotalSeconds * _time.TimestampFrequency);
        TryStart(now);
    }

    public void Sweep() => _channel.Sweep();

    public void EndAll() => _channel.EndAll();

    public void OnEnded(in EndedRequest request, in ResponseView response)
    {
        lock (_lock)
            _totals.Record(request, response);
        if (!request.Answered || response.Status != ResponseStatus.Ok)
            LogFailure(request, response);
        if (_driver.Rate is null && _pause is null)
            TopUp();
    }

    public void AddTo(LoadSum sum)
    {
        lock (_lock)
            _totals.AddTo(sum);
        sum.Add(_channel.Counters);
        sum.InFlight += _channel.InFlight;
    }

    public void LogEnd()
    {
        var sum = new LoadSum();
        AddTo(sum);
        LogEnd(Id, sum.Statuses.Sum() + sum.NoAnswer + sum.Throttled, sum.Statuses[(int)ResponseStatus.Ok], sum.NoAnswer, sum.Throttled);
    }

    public void Dispose() => _sockets.Dispose();

    private byte[] NextTail()
    {
        var tails = _tails;
        return tails.Length == 1 ? tails[0] : tails[Interlocked.Increment(ref _nextTail) % tails.Length];
    }
}
