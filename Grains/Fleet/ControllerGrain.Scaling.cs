using Microsoft.Extensions.Logging;
using Shortline.Balancing.Scaling;

namespace Shortline.Grains.Fleet;

internal sealed partial class ControllerGrain
{
    private string _notice = "";

    /// <summary>The number of servers that the queues or a person ask for, even if the silos cannot host so many.</summary>
    private int Wanted => Math.Max(_decision.Wanted, Math.Min(Asked, settings.Server.MaxCount));

    private ScalingSettings ScalingSettings => new(
        Minimum,
        Maximum,
        settings.LoadBalancer.ServerScalingThreshold,
        settings.Controller.StableWindowMs,
        settings.Controller.PanicWindowMs);

    private async Task Scale()
    {
        var ready = _members.Values.Where(member => member.IsReady).ToList();
        var loads = ready.ConvertAll(member => member.Load);
        var settled = ready.Count == _members.Count && ready.Count == _scaling.Desired;
        var before = _scaling.Desired;
        (_decision, _scaling) = ScalingPolicy.Decide(_scaling, NowMs, loads, settled, ScalingSettings);

        if (_decision.Reason.Length > 0)
            Note($"{before} → {_decision.Desired} servers: {_decision.Reason}");
        SayIfTooSmall();

        await Spread(Math.Min(_decision.Desired, _silos.Staying * settings.Server.MaxPerSilo));
        await Remember();
        await ShareQueues(loads);
    }

    /// <summary>
    /// Makes servers with long queues return requests to the gateways, so that servers with short queues, usually new ones, get them.
    /// </summary>
    /// <param name="loads">
    /// The loads before this look changed the fleet. Perhaps none of these servers is ready any more, because the last silo drains all of
    /// them.
    /// </param>
    private async Task ShareQueues(IReadOnlyList<ServerLoad> loads)
    {
        var waiting = loads.Sum(load => (long)load.Waiting);
        var ready = _members.Values.Count(member => member.IsReady);
        foreach (var load in loads)
        {
            if (ready == 0)
                return;
            var keep = QueueSharing.Keep(load.Waiting, waiting, ready, settings.LoadBalancer.ServerScalingThreshold);
            if (keep < 0 || !_members.TryGetValue(load.Id, out var member))
                continue;
            try
            {
                await Server(member).Share(keep).WaitAsync(AnswerTimeout, time);
                Note($"server {load.Id} shares its queue: it keeps {keep} of {load.Waiting} waiting requests");
            }
            catch (Exception e)
            {
                LogNoAnswer(e, load.Id);
            }

            // Servers come and go while a call is awaited.
            ready = _members.Values.Count(member => member.IsReady);
        }
    }

    private void SayIfTooSmall()
    {
        var former = _notice;
        _notice = "";
        if (Wanted > Maximum && _decision.Desired >= Maximum)
        {
            _notice = _silos.Staying * settings.Server.MaxPerSilo < settings.Server.MaxCount
                ? $"{Wanted} servers are wanted, {Silos(_silos.Staying)} {(_silos.Staying == 1 ? "hosts" : "host")} {Maximum}: add a silo"
                : $"{Wanted} servers are wanted, server.max_count is {Maximum}";
        }

        // The numbers in the notice change from look to look, so only its first appearance is logged.
        if (former.Length == 0 && _notice.Length > 0)
            Note(_notice, LogLevel.Warning);
    }

    private static string Silos(int count) => count == 1 ? "1 silo" : $"{count} silos";
}
