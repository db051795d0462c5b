using Microsoft.Extensions.Logging;
using Shortline.Balancing;

namespace Shortline.Grains;

internal sealed partial class ControllerGrain
{
    private bool _saidTooSmall;

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

        if (Staying < _decision.Desired)
            await Grow(_decision.Desired - Staying);
        else if (ready.Count > _decision.Desired && ready.Count == _members.Count)
            await Drain(ready[FleetOrder.Emptiest(loads)]);
        await Remember();
        await ShareLines(loads);
    }

    /// <summary>Long lines go to the servers that have none, which are usually those that have just started.</summary>
    private async Task ShareLines(IReadOnlyList<ServerLoad> loads)
    {
        var inAll = loads.Sum(load => (long)load.Waiting);
        foreach (var load in loads)
        {
            var keep = LineSharing.Keep(load.Waiting, inAll, _members.Values.Count(member => member.IsReady), settings.LoadBalancer.ServerScalingThreshold);
            if (keep < 0)
                continue;
            try
            {
                await Server(load.Id).Share(keep).WaitAsync(AnswerTimeout, time);
                Note($"server {load.Id} shares its line: keeps {keep} of {load.Waiting} waiting requests");
            }
            catch (Exception e)
            {
                LogNoAnswer(e, load.Id);
            }
        }
    }

    private async Task Grow(int count)
    {
        var members = Enumerable.Range(0, count).Select(_ => Reserve()).ToList();
        foreach (var some in members.Chunk(AtOnce))
            await Task.WhenAll(some.Select(Start));
    }

    private void SayIfTooSmall()
    {
        var tooSmall = _decision.Wanted > Maximum && _decision.Desired >= Maximum;
        if (tooSmall && !_saidTooSmall)
        {
            Note(
                _silos * settings.Server.MaxPerSilo < settings.Server.MaxCount
                    ? $"the queues ask for {_decision.Wanted} servers, {_silos} silos host {Maximum}: add a silo"
                    : $"the queues ask for {_decision.Wanted} servers, server.max_count is {Maximum}",
                LogLevel.Warning);
        }

        _saidTooSmall = tooSmall;
    }
}
