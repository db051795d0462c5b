using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;

namespace Shortline.Grains.Fleet;

/// <summary>
/// Brings a fleet to what it should be, one look after the other: finds out what there is, lets <see cref="FleetPlan"/> compute what to do, and
/// does it. Used on the controller's turns only.
/// </summary>
internal sealed partial class FleetReconciler(
    FleetState fleet, FleetCalls calls, FleetStore store, FleetEvents events, ShortlineSettings settings, ILogger logger)
{
    private readonly FleetPlan _plan = new(fleet, settings);
    private Task _look = Task.CompletedTask;
    private bool _lookAgain;
    private bool _startFailed;

    /// <summary>Sets the timer whose next look comes after a pause.</summary>
    public Action<TimeSpan>? NextLookIn { get; set; }

    /// <summary>Whether a look is complete, so that the fleet is known and its size is decided.</summary>
    public bool HasLooked { get; private set; }

    /// <summary>Says that more servers are wanted than there may be; empty if that is not so.</summary>
    public string Notice { get; private set; } = "";

    public TimeSpan Interval => TimeSpan.FromMilliseconds(settings.Controller.IntervalMs);

    /// <summary>A quarter of the interval: the time between two looks while queues are over the threshold or servers drain.</summary>
    private TimeSpan UrgentInterval => Interval / 4;

    /// <summary>
    /// A twentieth of the interval: the pause before another look that was requested during a look. A fleet in trouble requests one during
    /// every look, and must not keep the controller from everything else.
    /// </summary>
    private TimeSpan LeastPause => Interval / 20;

    /// <summary>Looks at the fleet now, or soon after the look that is under way.</summary>
    public Task Look()
    {
        if (_look.IsCompleted)
            _look = LookOnce();
        else
            _lookAgain = true;
        return _look;
    }

    /// <summary>Brings the next look forward.</summary>
    public void LookSoon() => NextLookIn?.Invoke(UrgentInterval);

    /// <summary>Waits for the first look, because this activation does not know the servers before it.</summary>
    /// <returns>Whether the fleet is known: every silo has answered.</returns>
    public async Task<bool> KnowFleet()
    {
        if (!HasLooked)
            await Look();
        return HasLooked;
    }

    private async Task LookOnce()
    {
        _lookAgain = false;
        _startFailed = false;
        var next = Interval;
        try
        {
            await calls.FindSilos();
            if (await FindFleet())
            {
                LoseWithSilos();
                await Task.WhenAll(calls.TellEnds(), AskAround());
                await Judge();
                HasLooked = true;
                await Scale();
            }

            if (!HasLooked || fleet.Decision.Urgent || _startFailed || fleet.Members.Any(member => member.IsDraining))
                next = UrgentInterval;
        }
        catch (Exception e)
        {
            LogLookFailed(logger, e);
        }

        NextLookIn?.Invoke(_lookAgain ? LeastPause : next);
    }

    /// <summary>
    /// Finds the servers of a former activation. Done once, in the first look in which every silo answers: a silo that does not may have
    /// servers, so until then the fleet is unknown, which is not empty.
    /// </summary>
    /// <returns>Whether the fleet is known.</returns>
    private async Task<bool> FindFleet()
    {
        if (fleet.IsKnown)
            return true;
        await calls.AskBalancer();
        store.AddServers();
        var answered = await Task.WhenAll(fleet.Silos.Active.Select(calls.FindServers));
        fleet.IsKnown = answered.Length > 0 && Array.TrueForAll(answered, each => each);
        if (fleet.IsKnown && fleet.Members.Count > 0)
            events.Note($"the controller takes over {fleet.Members.Count} servers");
        return fleet.IsKnown;
    }

    /// <summary>Removes the servers of silos that are gone, without calling them: a server ends with its silo.</summary>
    private void LoseWithSilos()
    {
        if (fleet.Silos.Count == 0)
            return;
        foreach (var lost in fleet.Members.Where(member => !fleet.Silos.Has(member.SiloAddress)).ToList())
        {
            // A server that was draining had finished; only its last report did not arrive.
            if (!lost.IsDraining)
                events.Note($"server {lost.Id} is lost with its silo", LogLevel.Warning);
            fleet.Leave(lost);
        }
    }

    /// <summary>
    /// Asks every silo about its servers that have not just reported. This finds lost servers, and makes all counters about equally old.
    /// </summary>
    private async Task AskAround()
    {
        var reportedSince = fleet.NowMs - (settings.Controller.IntervalMs / 8);
        var silent = fleet.Members.Where(member =>
            !member.IsStarting && member.Report?.Status != ServerStatus.Stopped && member.SeenMs < reportedSince && !fleet.Silos.IsClosing(member.SiloAddress));
        await Task.WhenAll(silent.GroupBy(member => member.SiloAddress, StringComparer.Ordinal).Select(some => calls.AskSilo(some.Key, some.ToList())).ToList());

        // Not awaited, so that a silo that does not answer does not hold up the look.
        foreach (var stray in fleet.Strays.ToList())
        {
            if (fleet.IsStrayNoMore(stray))
                fleet.RemoveStray(stray);
            else
                _ = calls.EndStray(stray);
        }
    }

    private async Task Judge()
    {
        foreach (var member in fleet.Members.Where(member => !member.IsStarting).ToList())
        {
            if (fleet.Silos.IsClosing(member.SiloAddress))
                member.DrainUntilMs ??= calls.DrainUntilMs;
            await Execute(_plan.Judge(member), member);
        }

        await calls.TellEnds();
    }

    private async Task Execute(Verdict verdict, FleetMember member)
    {
        switch (verdict)
        {
            case Verdict.KillOverdue:
                events.Note($"server {member.Id} did not finish in time; {member.Report?.Load} requests are lost", LogLevel.Warning);
                await calls.Kill(member);
                break;
            case Verdict.Replace:
                events.Note($"server {member.Id} hangs and is replaced; {member.Report?.Load} requests are lost there", LogLevel.Warning);
                await calls.Kill(member);
                break;
            case Verdict.Drain:
                await calls.Drain(member);
                break;
            case Verdict.KeepDraining:
                member.DrainUntilMs ??= calls.DrainUntilMs;
                break;
            case Verdict.Drained:
                events.Note($"server {member.Id} is drained");
                fleet.Leave(member);
                break;
            case Verdict.Gone:
                events.Note($"server {member.Id} is gone");
                fleet.Leave(member);
                break;
            case Verdict.Lost:
                events.Note($"server {member.Id} is lost", LogLevel.Warning);
                fleet.Leave(member);
                break;
            default:
                break;
        }
    }

    private async Task Scale()
    {
        // The loads before this look changes the fleet. Perhaps none of these servers is ready afterwards: the last silo drains all of them.
        var loads = fleet.Ready().ConvertAll(member => member.LoadAt(fleet.NowMs));
        var before = fleet.Scaling.Desired;
        (fleet.Decision, fleet.Scaling) = _plan.Scale(loads);
        if (fleet.Decision.Reason.Length > 0)
            events.Note($"{before} → {fleet.Decision.Desired} servers: {fleet.Decision.Reason}");
        SayIfTooSmall();

        var missing = fleet.Reserve(_plan.Missing);
        _startFailed |= (await calls.Start(missing)).Count < missing.Count;
        var surplus = _plan.Surplus();
        foreach (var member in surplus)
            await calls.Drain(member);
        if (surplus.Count == 0)
            await EvenOut();
        await store.Save();
        await ShareQueues();

        async Task ShareQueues()
        {
            var waiting = loads.Sum(load => (long)load.Waiting);
            foreach (var load in loads)
            {
                if (_plan.Keep(load, waiting) is var keep and >= 0 && fleet.TryGet(load.Id, out var member))
                    await calls.Share(member, keep, load.Waiting);
            }
        }
    }

    /// <summary>Moves servers to silos with fewer: starts a new one there, then drains one here.</summary>
    private async Task EvenOut()
    {
        foreach (var some in _plan.SiloMoves().Chunk(FleetCalls.AtOnce))
        {
            var members = fleet.Reserve(some.Select(move => move.To));
            var started = await calls.Start(members);
            _startFailed |= started.Count < members.Count;
            foreach (var (move, _) in some.Zip(members).Where(pair => started.Contains(pair.Second)))
            {
                foreach (var member in _plan.EmptiestOn(move.From))
                    await calls.Drain(member);
            }
        }
    }

    private void SayIfTooSmall()
    {
        var former = Notice;
        Notice = _plan.Shortage();

        // The numbers in the notice change from look to look, so only its first appearance is logged.
        if (former.Length == 0 && Notice.Length > 0)
            events.Note(Notice, LogLevel.Warning);
    }

    [LoggerMessage(2302, LogLevel.Error, "Checking the fleet failed; the next check tries again")]
    private static partial void LogLookFailed(ILogger logger, Exception exception);
}
