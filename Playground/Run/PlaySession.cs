namespace Shortline.Playground;

/// <summary>How far a run is.</summary>
internal enum PlayStage
{
    /// <summary>Load is made.</summary>
    Running,

    /// <summary>No more load; the last answers are waited for.</summary>
    Finishing,

    /// <summary>Over.</summary>
    Ended,
}

/// <summary>
/// A run: takes the fleet's and the load's figures together, carries out what keys ask for, and knows when it is over. Driven by
/// <see cref="Tick"/>, which never waits, so that a controller that does not answer does not stop the screen.
/// </summary>
internal sealed partial class PlaySession(PlayPlan plan, IFleet fleet, ILoad load, Conversation conversation, TimeProvider time)
{
    /// <summary>More than any terminal has lines.</summary>
    private const int MostLines = 100;

    private readonly ServerChoice _choice = new();
    private readonly ClientChoice _client = new(load.Clients);
    private readonly RequestPrompt _prompt = new();
    private readonly EventLog _events = new();
    private readonly FleetHistory _history = new();
    private readonly RecentLoad _recent = new();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private Task<FleetStatus>? _asked;
    private FleetStatus? _fleet;
    private string _algorithm = plan.Settings.LoadBalancer.Algorithm;
    private long _finishing;
    private bool _choosesClients;

    /// <summary>How far it is.</summary>
    public PlayStage Stage { get; private set; }

    /// <summary>What there is to show, as of the last tick.</summary>
    public PlayView View { get; private set; } = new() { Algorithm = plan.Settings.LoadBalancer.Algorithm };

    /// <summary>Servers over time.</summary>
    public IReadOnlyList<FleetSize> Sizes => _history.Steps;

    /// <summary>Looks at everything once. Returns the fleet's new events.</summary>
    public IReadOnlyList<FleetEvent> Tick()
    {
        var news = TakeStatus();
        var elapsed = time.GetElapsedTime(_started);
        var progress = load.Snapshot();
        var recent = _recent.Figure(progress);
        var rows = _fleet is null ? [] : ServerRow.Of(_fleet, recent);
        _choice.Update(rows);
        foreach (var happened in news)
            conversation.Add(new ConversationLine(happened.At, ConversationKind.Fleet, 0, null, happened.Text));
        if (_fleet is not null)
            _history.Record(elapsed, _fleet.Servers.Count(server => server.Status == ServerStatus.Ready));
        Advance(elapsed, progress);
        var clients = load.Rows(_client.FirstOf(MostLines), MostLines);
        View = new PlayView
        {
            Elapsed = elapsed,
            StartedAt = _startedAt,
            Duration = plan.Duration,
            Algorithm = _algorithm,
            Operation = load.Operation,
            Clients = load.Clients,
            Sending = load.Sending,
            Paused = load.Paused,
            Finishing = Stage == PlayStage.Finishing,
            Load = progress,
            Recent = recent,
            Servers = rows,
            Fleet = _fleet,
            Events = _events.Events,
            Chosen = _choice.ServerId,
            ClientRows = clients,
            ChosenClient = clients.Count == 0 ? null : clients[_client.Number - _client.FirstOf(MostLines)].Id,
            ChoosesClients = _choosesClients,
            Conversation = conversation.Latest(MostLines),
            OneOf = conversation.OneOf,
            Sizes = _history.Steps,
            Prompt = _prompt.IsOpen ? _prompt.Text : null,
            Message = Message,
        };
        return news;
    }

    /// <summary>Ends the load; the second time also the waiting for the last answers.</summary>
    public void End()
    {
        if (Stage != PlayStage.Running)
        {
            Stage = PlayStage.Ended;
            return;
        }

        load.Paused = true;
        _prompt.Close();
        _finishing = time.GetTimestamp();
        Stage = PlayStage.Finishing;
    }

    private IReadOnlyList<FleetEvent> TakeStatus()
    {
        _asked ??= fleet.GetStatus();
        if (!_asked.IsCompleted)
            return [];
        var answer = _asked;
        _asked = null;
        if (!answer.IsCompletedSuccessfully)
        {
            Say($"The controller does not answer: {SafeText.Of(answer.Exception?.GetBaseException().Message ?? "", 200)}");
            return [];
        }

        _fleet = answer.Result;
        return _events.Take(_fleet.Events);
    }

    private void Advance(TimeSpan elapsed, LoadProgress progress)
    {
        if (Stage == PlayStage.Running && elapsed >= plan.Duration)
            End();
        else if (Stage == PlayStage.Finishing && (progress.InFlight == 0 || time.GetElapsedTime(_finishing) >= plan.Patience))
            Stage = PlayStage.Ended;
    }
}
