using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Client.Udp;
using Shortline.Hosting.Logs;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Load;

/// <summary>
/// Drives load: many clients in a closed loop (a number of requests in flight) or an open loop (a rate). A run can be watched and changed
/// while it lasts. An instance serves one run. Thread-safe.
/// </summary>
/// <remarks>
/// Each client has a thread that receives responses and, in the closed loop, starts the next request right there. A
/// <see cref="LoadConductor"/> keeps the schedule of the open loop, sends unanswered requests again, and ends the run.
/// </remarks>
public sealed partial class LoadDriver : IDisposable
{
    private readonly LoadSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LoadCount _count;
    private readonly List<LoadClient> _clients = [];
    private long _startedAt;
    private long _endedAt;
    private int _outstanding;
    private double _rate; // 0 for none: a double is written atomically, a nullable one is not
    private volatile bool _paused;
    private volatile bool _disposed;

    /// <summary>Opens all sockets. Sends nothing yet.</summary>
    /// <param name="settings">The load.</param>
    /// <param name="time">The clock; the system clock if null.</param>
    /// <param name="logs">Gets start, end and failures; null logs nothing.</param>
    /// <exception cref="NoFreePortException">The port range has not enough free ports.</exception>
    /// <exception cref="ArgumentException">
    /// The settings have no gateway, an invalid operation, too large a payload, or numbers out of range.
    /// </exception>
    public LoadDriver(LoadSettings settings, TimeProvider? time = null, ILoggerFactory? logs = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Clients, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Gateways.Count, 1, nameof(settings));
        _settings = settings;
        _time = time ?? TimeProvider.System;
        logs ??= NullLoggerFactory.Instance;
        _log = logs.CreateLogger(LogCategories.ClientTool);
        _count = new LoadCount(settings.Requests);
        Rate = settings.Rate;
        Outstanding = settings.Outstanding;
        var ports = new LocalPorts(settings.PortRangeStart, settings.PortRangeEnd);
        try
        {
            for (var i = 0; i < settings.Clients; i++)
            {
                var id = settings.StartId + i;
                var log = logs.CreateLogger(LogCategories.Client(id));
                _clients.Add(new LoadClient(this, _count, settings, id, i % settings.Gateways.Count, ports, _time, log));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Requests a second of all clients together (open loop), or null (closed loop). Can be changed at any time.</summary>
    public double? Rate
    {
        get => Volatile.Read(ref _rate) is var rate and > 0 ? rate : null;
        set
        {
            if (value is { } rate)
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate, nameof(value));
            Volatile.Write(ref _rate, value ?? 0);
        }
    }

    /// <summary>Requests in flight per client in the closed loop. Can be changed at any time.</summary>
    public int Outstanding
    {
        get => Volatile.Read(ref _outstanding);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, _settings.InFlightLimit);
            Volatile.Write(ref _outstanding, value);
        }
    }

    /// <summary>
    /// Whether new requests are held back. Requests in flight continue. The schedule of the open loop starts anew after a pause.
    /// </summary>
    public bool Paused
    {
        get => _paused;
        set => _paused = value;
    }

    internal bool IsDisposed => _disposed;

    /// <summary>Why TCP connections cannot be used although a peer accepts them; null if they can.</summary>
    internal string? ConnectionFault => _clients.Select(client => client.ConnectionFault).FirstOrDefault(fault => fault is not null);

    /// <summary>Changes what the requests from now on ask for.</summary>
    /// <exception cref="ArgumentException">There is no payload, the operation is invalid, or a payload is too large.</exception>
    public void Use(LoadWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfLessThan(work.Payloads.Count, 1, nameof(work));
        foreach (var client in _clients)
            client.Use(work);
    }

    /// <summary>
    /// Sends requests until their number or the duration is reached or the run is cancelled, then waits for the requests in flight.
    /// </summary>
    /// <param name="stop">Ends the run; requests in flight get one more second. The task then completes normally.</param>
    /// <returns>The final figures.</returns>
    public Task<LoadProgress> RunAsync(CancellationToken stop)
    {
        var ended = new TaskCompletionSource<LoadProgress>(TaskCreationOptions.RunContinuationsAsynchronously);
        var conductor = new Thread(() =>
        {
            try
            {
                Run(stop);
                ended.SetResult(Snapshot());
            }
            catch (Exception exception)
            {
                ended.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = "shortline load",
        };
        conductor.Start();
        return ended.Task;
    }

    /// <summary>
    /// The figures so far. Copies a few kilobytes per client, so it is meant for ten calls a second rather than a thousand.
    /// </summary>
    public LoadProgress Snapshot()
    {
        var sum = new LoadSum();
        foreach (var client in _clients)
            client.AddTo(sum);
        var started = Volatile.Read(ref _startedAt);
        var ended = Volatile.Read(ref _endedAt);
        var elapsed = started == 0 ? TimeSpan.Zero : _time.GetElapsedTime(started, ended == 0 ? _time.GetTimestamp() : ended);
        return sum.ToProgress(elapsed, _count.Started, _count.NotSent);
    }

    /// <summary>Closes the sockets and ends the clients' threads.</summary>
    public void Dispose()
    {
        _count.Stop();
        _disposed = true;
        foreach (var client in _clients)
            client.Dispose();
    }

    private void Run(CancellationToken stop)
    {
        LogStart(_clients.Count, _settings.Operation, _settings.Transport, string.Join(", ", _settings.Gateways), _clients[0].LocalPort);
        var startedAt = _time.GetTimestamp();
        Volatile.Write(ref _startedAt, startedAt);
        new LoadConductor(this, _settings, _clients, _count, _time).Run(startedAt, stop);
        var left = _clients.Sum(client => client.InFlight);
        foreach (var client in _clients)
        {
            client.EndAll();
            client.LogEnd();
        }

        Volatile.Write(ref _endedAt, _time.GetTimestamp());
        var end = Snapshot();
        LogEnd(end.Started, end.Of(ResponseStatus.Ok), end.NoAnswer, end.Throttled, end.NotSent, left);
    }
}
