using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.Balancing;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

internal sealed partial class ControllerGrain
{
    /// <summary>A fourth of the interval: queues over the threshold and drains are watched this closely.</summary>
    private TimeSpan UrgentInterval => Interval / 4;

    /// <summary>
    /// A twentieth of the interval: news that comes while a look is under way is looked at this soon, but a fleet in trouble, which
    /// makes news with every look, does not keep the controller busy with nothing else.
    /// </summary>
    private TimeSpan LeastPause => Interval / 20;

    private TimeSpan Interval => TimeSpan.FromMilliseconds(settings.Controller.IntervalMs);

    /// <summary>Servers that stay: all but the draining ones.</summary>
    private int Staying => _members.Values.Count(member => !member.IsDraining);

    /// <summary>Looks at the fleet now, or right after the look that is under way.</summary>
    private Task Look()
    {
        if (_look.IsCompleted)
            _look = LookOnce();
        else
            _lookAgain = true;
        return _look;
    }

    /// <summary>Waits for the first look: before it, this activation does not know which servers there are.</summary>
    private Task KnowFleet() => _hasLooked ? Task.CompletedTask : Look();

    private async Task LookOnce()
    {
        _lookAgain = false;
        var next = Interval;
        try
        {
            await FindFleet();
            await CountSilos();
            await AskAround();
            await Judge();
            await Scale();
            if (_decision.Urgent || _members.Values.Any(member => member.IsDraining))
                next = UrgentInterval;
        }
        catch (Exception e)
        {
            LogLookFailed(e);
        }

        _hasLooked = true;
        _timer?.Change(_lookAgain ? LeastPause : next, Interval);
    }

    /// <summary>The first look of an activation: who was there under the former one?</summary>
    private async Task FindFleet()
    {
        if (_knowsFleet)
            return;
        try
        {
            var ranking = await Balancer.GetRanking().WaitAsync(AnswerTimeout, time);
            foreach (var report in ranking.Servers)
                Learn(report);
        }
        catch (Exception e)
        {
            LogNoRanking(e);
        }

        foreach (var id in memory.State.ServerIds)
            _members.TryAdd(id, new FleetMember(id));
        _knowsFleet = true;
        if (_members.Count > 0)
            Note($"the controller takes over {_members.Count} servers");
    }

    private async Task CountSilos()
    {
        try
        {
            var hosts = await GrainFactory.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).WaitAsync(AnswerTimeout, time);
            if (hosts.Count == _silos || hosts.Count == 0)
                return;
            Note($"{hosts.Count} silos instead of {_silos}");
            _silos = hosts.Count;
        }
        catch (Exception e)
        {
            LogNoSilos(e);
        }
    }

    /// <summary>Asks every server that has not just reported: this finds the lost ones, and keeps the counters together in time.</summary>
    private async Task AskAround()
    {
        var reportedSince = NowMs - (settings.Controller.IntervalMs / 8);
        var silent = _members.Values.Where(member =>
            !member.IsStarting && member.Report?.Status != ServerStatus.Stopped && member.SeenMs < reportedSince);
        foreach (var some in silent.ToList().Chunk(AtOnce))
            await Task.WhenAll(some.Select(Ask));
    }

    private async Task Judge()
    {
        List<string> gone = [];
        foreach (var member in _members.Values.Where(member => !member.IsStarting).ToList())
        {
            switch (member.Report?.Status)
            {
                case ServerStatus.Ready when member.IsDraining:
                    await Drain(member);
                    break;
                case ServerStatus.Ready:
                    break;
                case ServerStatus.Draining when !IsOverdue(member):
                    // Its silo stops, or another activation of this grain drains it.
                    member.DrainUntilMs ??= NowMs + DrainMs;
                    break;
                case ServerStatus.Draining:
                    Note($"server {member.Id} did not finish in time; {member.Report.Load} requests are lost", LogLevel.Warning);
                    await Kill(member);
                    gone.Add(member.Id);
                    break;
                case ServerStatus.Stopped:
                // Its activation went when it had nothing left; asking it has made a new one, which nobody started.
                case ServerStatus.Starting when member.IsDraining:
                    Note($"server {member.Id} is drained");
                    Leave(member);
                    gone.Add(member.Id);
                    break;
                case ServerStatus.Failed:
                    Note($"server {member.Id} hangs and is replaced; {member.Report.Load} requests are lost there", LogLevel.Warning);
                    await Kill(member);
                    gone.Add(member.Id);
                    break;
                default:
                    Note($"server {member.Id} is lost", LogLevel.Warning);
                    Leave(member);
                    gone.Add(member.Id);
                    break;
            }
        }

        if (gone.Count > 0)
            await Balancer.Remove(gone).WaitAsync(AnswerTimeout, time);
    }

    private bool IsOverdue(FleetMember member) => member.DrainUntilMs < NowMs;
}
