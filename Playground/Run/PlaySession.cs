using Shortline.Client.Tool.Load;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Text;
using Shortline.Playground.Clients;
using Shortline.Playground.Keys;
using Shortline.Playground.Screen;

namespace Shortline.Playground.Run;

/// <summary>The stage of a run.</summary>
internal enum PlayStage
{
    /// <summary>The clients send requests.</summary>
    Running,

    /// <summary>The clients send nothing more; the last answers are awaited.</summary>
    Finishing,

    /// <summary>The run is over.</summary>
    Ended,
}

/// <summary>
/// A run: combines the figures of fleet and load into the view, passes keys to the controls, and ends the run. A display drives it by
/// calling <see cref="Tick"/>, which never waits, so that a controller that does not answer does not freeze the screen.
/// </summary>
internal sealed class PlaySession(RunPlan plan, IFleet fleet, ILoad load, Conversation conversation, TimeProvider time)
{
    /// <summary>More lines than any terminal has.</summary>
    private const int MostLines = 100;

    private readonly PlayControls _controls = new(fleet, load, plan.Settings.LoadBalancer.Algorithm, time);
    private readonly EventLog _events = new();
    private readonly FleetHistory _history = new();
    private readonly RecentLoad _recent = new();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private Task<FleetStatus>? _pendingStatus;
    private FleetStatus? _fleet;
    private long _finishing;

    /// <summary>The stage of the run.</summary>
    public PlayStage Stage { get; private set; }

    /// <summary>The view as of the last tick.</summary>
    public PlayView View { get; private set; } = new() { Algorithm = plan.Settings.LoadBalancer.Algorithm };

    /// <summary>The number of ready servers over time.</summary>
    public IReadOnlyList<FleetSize> Sizes => _history.Steps;

    /// <summary>Updates the view and the stage.</summary>
    /// <returns>The new events of the fleet.</returns>
    public IReadOnlyList<FleetEvent> Tick()
    {
        var events = TakeStatus();
        var elapsed = time.GetElapsedTime(_started);
        var progress = load.Snapshot();
        var recent = _recent.Figure(progress);
        var rows = _fleet is null ? [] : ServerRow.Of(_fleet, recent);
        _controls.Update(rows);
        foreach (var happened in events)
            conversation.Add(new ConversationLine(happened.At, ConversationKind.Fleet, 0, null, happened.Text));
        if (_fleet is not null)
            _history.Record(elapsed, _fleet.Servers.Count(server => server.Status == ServerStatus.Ready));
        Advance(elapsed, progress);
        var clients = _controls.ClientsAround(MostLines, out var chosenClient);
        View = new PlayView
        {
            Elapsed = elapsed,
            StartedAt = _startedAt,
            Duration = plan.Duration,
            Algorithm = _controls.Algorithm,
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
            Chosen = _controls.ServerId,
            ClientRows = clients,
            ChosenClient = chosenClient,
            ChoosesClients = _controls.ChoosesClients,
            Conversation = conversation.Latest(MostLines),
            OneOf = conversation.OneOf,
            Sizes = _history.Steps,
            Prompt = _controls.Prompt,
            Message = _controls.Message,
        };
        return events;
    }

    /// <summary>Handles a key: types it into the prompt if that is open, else carries out its action.</summary>
    public void Press(ConsoleKeyInfo key) => Do(_controls.Press(key));

    /// <summary>Carries out an action. The view's message tells the outcome once it is known.</summary>
    public void Do(PlayAction action)
    {
        if (action == PlayAction.Quit)
            End();
        else if (Stage == PlayStage.Running)
            _controls.Do(action);
    }

    /// <summary>Ends the load. A second call also ends the wait for the last answers.</summary>
    public void End()
    {
        if (Stage != PlayStage.Running)
        {
            Stage = PlayStage.Ended;
            return;
        }

        load.Paused = true;
        _controls.ClosePrompt();
        _finishing = time.GetTimestamp();
        Stage = PlayStage.Finishing;
    }

    private IReadOnlyList<FleetEvent> TakeStatus()
    {
        _pendingStatus ??= fleet.GetStatus();
        if (!_pendingStatus.IsCompleted)
            return [];
        var answer = _pendingStatus;
        _pendingStatus = null;
        if (!answer.IsCompletedSuccessfully)
        {
            _controls.Say($"The controller does not answer: {SafeText.Of(answer.Exception?.GetBaseException().Message ?? "", 200)}");
            return [];
        }

        _fleet = answer.Result;
        return _events.Take(_fleet.Events);
    }

    private void Advance(TimeSpan elapsed, LoadProgress progress)
    {
        if (Stage == PlayStage.Running && elapsed >= plan.Duration)
            End();
        else if (Stage == PlayStage.Finishing && (progress.InFlight == 0 || time.GetElapsedTime(_finishing) >= plan.EndTimeout))
            Stage = PlayStage.Ended;
    }
}
