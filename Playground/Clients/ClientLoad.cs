using Microsoft.Extensions.Logging;
using Shortline.Client;
using Shortline.Client.Tool.Load;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Start;

namespace Shortline.Playground.Clients;

/// <summary>The load: independent clients, each with its own socket.</summary>
internal sealed class ClientLoad : ILoad, IDisposable
{
    private readonly TimeProvider _time;
    private readonly LoadControl _control;
    private readonly LoadTally[] _tallies;
    private readonly List<PlayClient> _clients = [];
    private readonly List<ShortlineClient> _senders = [];
    private long _startedAt;

    /// <exception cref="StartFailedException">The port range has not enough free ports.</exception>
    public ClientLoad(LoadSettings settings, Operation operation, Conversation? conversation, TimeProvider time, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _time = time;
        _control = new LoadControl(settings.Clients) { Rate = settings.Rate ?? 1 };
        _tallies = [.. Enumerable.Range(0, Math.Min(settings.Clients, Environment.ProcessorCount)).Select(_ => new LoadTally())];
        Operation = operation;
        try
        {
            for (var i = 0; i < settings.Clients; i++)
                Add(settings, i, conversation, logs);
        }
        catch (Exception fault)
        {
            Dispose();
            if (fault is NoFreePortException)
                throw new StartFailedException(fault.Message, fault);
            throw;
        }
    }

    /// <inheritdoc/>
    public int Clients => _clients.Count;

    /// <inheritdoc/>
    public double Rate
    {
        get => _control.Rate;
        set
        {
            _control.Rate = value;
            WakeAll();
        }
    }

    /// <inheritdoc/>
    public double Sending => !_control.Runs ? 0 : _control.RatePerClient * _clients.Count(client => !client.ByHand);

    /// <inheritdoc/>
    public bool Paused
    {
        get => _control.Paused;
        set
        {
            _control.Paused = value;
            WakeAll();
        }
    }

    /// <inheritdoc/>
    public Operation Operation
    {
        get;
        set
        {
            _control.Use(value == Operation.Echo ? [new PlayRequest("echo", "\"hello\""u8.ToArray(), "echo hello")] : ComputeTimes.Requests);
            field = value;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ClientRow> Rows(int first, int most) => [.. _clients.Skip(first).Take(most).Select(client => client.Row)];

    /// <inheritdoc/>
    public bool SwitchByHand(int client) => _clients[client].ByHand = !_clients[client].ByHand;

    /// <inheritdoc/>
    public Task<string> Send(int client, PlayRequest request) => _clients[client].Send(request);

    /// <inheritdoc/>
    public LoadProgress Snapshot()
    {
        var sum = new LoadTallySum();
        foreach (var tally in _tallies)
            tally.AddTo(sum);
        return sum.ToProgress(_startedAt == 0 ? TimeSpan.Zero : _time.GetElapsedTime(_startedAt));
    }

    /// <summary>Lets the clients send until cancelled.</summary>
    /// <returns>The final figures. Requests in flight at the end count as without an answer.</returns>
    public async Task<LoadProgress> RunAsync(CancellationToken stop)
    {
        _startedAt = _time.GetTimestamp();
        _control.Started = true;
        WakeAll();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stop.Register(ended.SetResult))
            await ended.Task;
        _control.Started = false;
        WakeAll();
        var end = Snapshot();
        foreach (var client in _clients)
            client.LogEnd();
        return end with { NoAnswer = end.NoAnswer + end.InFlight, InFlight = 0 };
    }

    /// <summary>Ends the clients and closes their sockets.</summary>
    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
        foreach (var sender in _senders)
            sender.Dispose();
    }

    private void Add(LoadSettings settings, int number, Conversation? conversation, ILoggerFactory logs)
    {
        var id = settings.StartId + number;
        var sender = new ShortlineClient(
            new ShortlineClientOptions
            {
                Gateways = settings.Gateways,
                ClientId = id,
                TimeoutMs = settings.TimeoutMs,
                Retries = settings.Retries,
                RetryBudgetPercent = settings.RetryBudgetPercent,
                RetryBudgetPerSecond = settings.RetryBudgetPerSecond,
                Throttle = settings.Throttle,
                InFlightLimit = settings.InFlightLimit,

                // Each client searches for a free port itself. Earlier clients have the ports before this one.
                PortRangeStart = settings.PortRangeStart == 0 ? 0 : Math.Min(settings.PortRangeStart + number, settings.PortRangeEnd),
                PortRangeEnd = settings.PortRangeEnd,
            },
            _time);
        _senders.Add(sender);
        var client = new PlayClient(
            id, _control, _tallies[number % _tallies.Length], conversation,
            request => sender.SendAsync(request.Operation, request.Payload), _time, logs.CreateLogger(LogCategories.Client(id)));
        _clients.Add(client);
        client.LogStart(sender.LocalPort, settings.Gateways[number % settings.Gateways.Count]);
    }

    private void WakeAll()
    {
        foreach (var client in _clients)
            client.Run();
    }
}
