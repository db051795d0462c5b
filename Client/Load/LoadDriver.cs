using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Hosting;

namespace Shortline.Client;

/// <summary>
/// Makes load: many clients, closed loop (a number of requests in flight) or open loop (a rate). Can be watched and changed while it
/// runs. One run each; safe for several threads.
/// </summary>
/// <remarks>
/// Each client has a thread that takes answers and, in the closed loop, starts the next request right there. One thread conducts: it keeps the
/// schedule of the open loop, sends again what has had no answer, and ends the run.
/// </remarks>
public sealed partial class LoadDriver : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(10);

    // Who cancels does not want to wait for a timeout; and what a schedule still owes after its time, it has this long to send.
    private static readonly TimeSpan LongestEnding = TimeSpan.FromSeconds(1);

    private readonly LoadSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Schedule _schedule;
    private readonly List<LoadClient> _clients = [];
    private long _startedAt;
    private long _endedAt;
    private long _started;
    private long _notSent;
    private int _nextClient;
    private int _outstanding;
    private double _rate; // 0 for none: a double is written whole, a nullable one is not
    private long? _cancelledAt; // the conductor's own
    private volatile bool _stopping;
    private volatile bool _paused;
    private volatile bool _disposed;

    /// <summary>Opens all sockets. Sends nothing yet.</summary>
    /// <param name="settings">The load.</param>
    /// <param name="time">The clock; the system's if null.</param>
    /// <param name="logs">Where start, end and failures are logged; nowhere if null.</param>
    /// <exception cref="StartFailedException">There are not enough free ports in the range.</exception>
    /// <exception cref="ArgumentException">The settings make no sense: no gateway, a wrong operation, too large a payload, numbers out of range.</exception>
    public LoadDriver(LoadSettings settings, TimeProvider? time = null, ILoggerFactory? logs = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Clients, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Gateways.Count, 1, nameof(settings));
        _settings = settings;
        _time = time ?? TimeProvider.System;
        logs ??= NullLoggerFactory.Instance;
        _log = logs.CreateLogger(LogCategories.ClientTool);
        _schedule = new Schedule(_time.TimestampFrequency);
        Rate = settings.Rate;
        Outstanding = settings.Outstanding;
        var ports = new LocalPorts(settings.PortRangeStart, settings.PortRangeEnd);
        try
        {
            for (var i = 0; i < settings.Clients; i++)
            {
                var id = settings.StartId + i;
                _clients.Add(new LoadClient(this, settings, id, i % settings.Gateways.Count, ports, _time, logs.CreateLogger(LogCategories.Client(id))));
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

    private long Started => Math.Min(Interlocked.Read(ref _started), _settings.Requests ?? long.MaxValue);

    /// <summary>Whether no new requests are started; what is in flight goes on. The schedule of the open loop begins anew after a pause.</summary>
    public bool Paused
    {
        get => _paused;
        set => _paused = value;
    }

    /// <summary>Changes what the requests from now on ask for.</summary>
    /// <exception cref="ArgumentException">It makes no sense: no payload, a wrong operation, too large a payload.</exception>
    public void Use(LoadWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfLessThan(work.Payloads.Count, 1, nameof(work));
        foreach (var client in _clients)
            client.Use(work);
    }

    /// <summary>Makes the load until the settings' number or time is reached, or until cancelled; then waits for what is in flight.</summary>
    /// <param name="stop">Ends the run; what is in flight gets one more second. Not an error: the task completes.</param>
    /// <returns>The final figures.</returns>
    public Task<LoadProgress> RunAsync(CancellationToken stop)
    {
        var ended = new TaskCompletionSource<LoadProgress>(TaskCreationOptions.RunContinuationsAsynchronously);
        var conductor = new Thread(() =>
        {
            try
            {
                Conduct(stop);
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

    /// <summary>The figures of now. Copies a few kilobytes per client: for ten times a second, not for a thousand.</summary>
    public LoadProgress Snapshot()
    {
        var sum = new LoadSum();
        foreach (var client in _clients)
            client.AddTo(sum);
        var started = Volatile.Read(ref _startedAt);
        var ended = Volatile.Read(ref _endedAt);
        var elapsed = started == 0 ? TimeSpan.Zero : _time.GetElapsedTime(started, ended == 0 ? _time.GetTimestamp() : ended);
        return sum.ToProgress(elapsed, Started, Interlocked.Read(ref _notSent));
    }

    /// <summary>Closes the sockets and ends the clients' threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        _disposed = true;
        foreach (var client in _clients)
            client.Dispose();
    }

    /// <summary>Takes one request out of the run's number.</summary>
    internal bool MayStart() => !_stopping && Interlocked.Increment(ref _started) <= (_settings.Requests ?? long.MaxValue);

    internal void CountNotSent() => Interlocked.Increment(ref _notSent);
}
