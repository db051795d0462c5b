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
internal sealed class PlaySession(PlayPlan plan, IFleet fleet, ILoad load, TimeProvider time)
{
    private readonly ServerChoice _choice = new();
    private readonly EventLog _events = new();
    private readonly FleetHistory _history = new();
    private readonly RecentLoad _recent = new();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private Task<FleetStatus>? _asked;
    private FleetStatus? _fleet;
    private string _algorithm = plan.Settings.LoadBalancer.Algorithm;
    private volatile string _message = "";
    private long _finishing;

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
        Advance(elapsed, progress);
        View = new PlayView
        {
            Elapsed = elapsed,
            StartedAt = _startedAt,
            Duration = plan.Duration,
            Algorithm = _algorithm,
            Operation = load.Operation,
            Clients = plan.Settings.Client.Count,
            Rate = load.Rate,
            Paused = load.Paused,
            Finishing = Stage == PlayStage.Finishing,
            Load = progress,
            Recent = recent,
            Servers = rows,
            Fleet = _fleet,
            Events = _events.Events,
            Chosen = _choice.ServerId,
            Message = _message,
        };
        if (_fleet is not null)
            _history.Record(elapsed, View.Ready);
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
        _finishing = time.GetTimestamp();
        Stage = PlayStage.Finishing;
    }

    /// <summary>Does what a key asks for. What comes of it is in the view's message once it is known.</summary>
    public void Do(PlayAction action)
    {
        if (action == PlayAction.Quit)
            End();
        else if (Stage == PlayStage.Running)
            Change(action);
    }

    private void Change(PlayAction action)
    {
        switch (action)
        {
            case PlayAction.Up or PlayAction.Down:
                _choice.Move(View.Servers, action == PlayAction.Up ? -1 : 1);
                break;
            case PlayAction.MoreLoad or PlayAction.LessLoad:
                load.Rate = action == PlayAction.MoreLoad ? LoadSteps.More(load.Rate) : LoadSteps.Less(load.Rate);
                _message = $"The clients send {Figures.Rate(load.Rate)} together.";
                break;
            case PlayAction.Pause:
                load.Paused = !load.Paused;
                _message = load.Paused ? "The load is paused." : "The load goes on.";
                break;
            case PlayAction.SwitchOperation:
                load.Operation = load.Operation == Operation.Compute ? Operation.Echo : Operation.Compute;
                _message = $"The clients ask for {StatusLines.Describe(load.Operation)}.";
                break;
            case PlayAction.SwitchAlgorithm:
                _ = Report(SwitchAlgorithm);
                break;
            case PlayAction.Add:
                _ = Report(Add);
                break;
            case PlayAction.Drain when _choice.ServerId is { } id:
                _ = Report(async () => await fleet.Drain(id) ? $"Server {id} drains; another one comes if the load needs it." : $"Server {id} cannot be drained: it is not ready, or the last one.");
                break;
            case PlayAction.Kill when _choice.ServerId is { } id:
                _ = Report(async () => await fleet.Kill(id) ? $"Server {id} is killed; its requests go to others." : $"There is no server {id} any more.");
                break;
        }
    }

    private async Task<string> Add() => await fleet.Add() is { } id
        ? $"Server {id} is added."
        : "No server can be added: the fleet is at its largest (server.max_count).";

    private async Task<string> SwitchAlgorithm()
    {
        var names = BalancingPolicies.Names;
        var next = names[(names.ToList().IndexOf(_algorithm) + 1) % names.Count];
        if (!await fleet.SetAlgorithm(next))
            return $"There is no algorithm {next}.";
        _algorithm = next;
        return $"Servers are chosen by {next}.";
    }

    /// <summary>Shows what comes of something that takes a while; a failure too.</summary>
    private async Task Report(Func<Task<string>> change)
    {
        try
        {
            _message = await change();
        }
        catch (Exception failure)
        {
            _message = $"That failed: {SafeText.Of(failure.Message, 200)}";
        }
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
            _message = $"The controller does not answer: {SafeText.Of(answer.Exception?.GetBaseException().Message ?? "", 200)}";
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
