using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Fleet;

internal sealed partial class ControllerGrain
{
    /// <summary>A quarter of the interval: the time between two looks while queues are over the threshold or servers drain.</summary>
    private TimeSpan UrgentInterval => Interval / 4;

    /// <summary>
    /// A twentieth of the interval: the pause before another look that was requested during a look. A fleet in trouble requests one during
    /// every look, and must not keep the controller from everything else.
    /// </summary>
    private TimeSpan LeastPause => Interval / 20;

    private TimeSpan Interval => TimeSpan.FromMilliseconds(settings.Controller.IntervalMs);

    /// <summary>The number of servers that stay: neither they nor their silo is leaving.</summary>
    private int Staying => _members.Values.Count(member => !member.IsDraining && !_silos.IsLeaving(member.SiloAddress));

    /// <summary>Looks at the fleet now, or soon after the look that is under way.</summary>
    private Task Look()
    {
        if (_look.IsCompleted)
            _look = LookOnce();
        else
            _lookAgain = true;
        return _look;
    }

    /// <summary>Waits for the first look, because this activation does not know the servers before it.</summary>
    /// <returns>Whether the fleet is known: every silo has answered.</returns>
    private async Task<bool> KnowFleet()
    {
        if (!_hasLooked)
            await Look();
        return _hasLooked;
    }

    private async Task LookOnce()
    {
        _lookAgain = false;
        _startFailed = false;
        var next = Interval;
        try
        {
            await FindSilos();
            if (await FindFleet())
            {
                LoseWithSilos();
                await Task.WhenAll(SayEnded(), AskAround());
                await Judge();
                _hasLooked = true;
                await Scale();
            }

            if (!_hasLooked || _decision.Urgent || _startFailed || _members.Values.Any(member => member.IsDraining))
                next = UrgentInterval;
        }
        catch (Exception e)
        {
            LogLookFailed(e);
        }

        _timer?.Change(_lookAgain ? LeastPause : next, Interval);
    }

    /// <summary>
    /// Finds the servers of a former activation. Done once, in the first look in which every silo answers: a silo that does not may have
    /// servers, so until then the fleet is unknown, which is not empty.
    /// </summary>
    /// <returns>Whether the fleet is known.</returns>
    private async Task<bool> FindFleet()
    {
        if (_knowsFleet)
            return true;
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

        foreach (var known in memory.State.Servers)
            _members.TryAdd(known.Id, new FleetMember(known.Id, known.SiloAddress, known.Incarnation));
        var answered = await Task.WhenAll(_silos.Active.Select(FindServers));
        _knowsFleet = answered.Length > 0 && Array.TrueForAll(answered, each => each);
        if (_knowsFleet && _members.Count > 0)
            Note($"the controller takes over {_members.Count} servers");
        return _knowsFleet;
    }

    /// <summary>
    /// Asks a silo for its own servers. The balancer, and a state that is stored in memory, may have been lost with the former controller's
    /// silo.
    /// </summary>
    /// <returns>Whether the silo has answered.</returns>
    private async Task<bool> FindServers(string silo)
    {
        try
        {
            var ids = await GrainFactory.GetGrain<ISiloServersGrain>($"{Pool}@{silo}").GetServers().WaitAsync(AnswerTimeout, time);
            foreach (var id in ids)
                _members.TryAdd(id, new FleetMember(id, silo));
            return true;
        }
        catch (Exception e)
        {
            LogNoServers(e, silo);
            return false;
        }
    }

    private async Task FindSilos()
    {
        try
        {
            var before = _silos.Count;
            var hosts = await GrainFactory.GetGrain<IManagementGrain>(0).GetHosts().WaitAsync(AnswerTimeout, time);
            if (hosts.Count > 0 && _silos.Update(hosts) && before != _silos.Count)
                Note(before == 0 ? Silos(_silos.Count) : $"{Silos(_silos.Count)} instead of {before}");
        }
        catch (Exception e)
        {
            LogNoSilos(e);
        }
    }

    /// <summary>Removes the servers of silos that are gone, without calling them: a server ends with its silo.</summary>
    private void LoseWithSilos()
    {
        if (_silos.Count == 0)
            return;
        foreach (var lost in _members.Values.Where(member => !_silos.Has(member.SiloAddress)).ToList())
        {
            // A server that was draining had finished; only its last report did not arrive.
            if (!lost.IsDraining)
                Note($"server {lost.Id} is lost with its silo", LogLevel.Warning);
            Leave(lost);
        }
    }

    /// <summary>
    /// Asks every silo about its servers that have not just reported. This finds lost servers, and makes all counters about equally old.
    /// </summary>
    private async Task AskAround()
    {
        var reportedSince = NowMs - (settings.Controller.IntervalMs / 8);
        var silent = _members.Values.Where(member =>
            !member.IsStarting && member.Report?.Status != ServerStatus.Stopped && member.SeenMs < reportedSince && !_silos.IsClosing(member.SiloAddress));
        await Task.WhenAll(silent.GroupBy(member => member.SiloAddress, StringComparer.Ordinal).Select(some => AskSilo(some.Key, some.ToList())).ToList());
        EndStrays();
    }

    private async Task Judge()
    {
        foreach (var member in _members.Values.Where(member => !member.IsStarting).ToList())
        {
            if (_silos.IsClosing(member.SiloAddress))
                member.DrainUntilMs ??= NowMs + DrainMs;
            switch (member.Report?.Status)
            {
                case ServerStatus.Ready or ServerStatus.Draining when IsOverdue(member):
                    Note($"server {member.Id} did not finish in time; {member.Report.Load} requests are lost", LogLevel.Warning);
                    await Kill(member);
                    break;
                case ServerStatus.Ready when member.IsDraining:
                    await Drain(member);
                    break;
                case ServerStatus.Ready:
                    break;
                case ServerStatus.Draining:
                    // Its silo is stopping, or another activation of this grain drains it.
                    member.DrainUntilMs ??= NowMs + DrainMs;
                    break;
                case ServerStatus.Stopped when !member.IsDraining:
                    Note($"server {member.Id} is gone");
                    Leave(member);
                    break;
                case ServerStatus.Stopped:
                // Its activation ended when it had nothing left, and the question has made a new one that is not started.
                case ServerStatus.Starting when member.IsDraining:
                    Note($"server {member.Id} is drained");
                    Leave(member);
                    break;
                case ServerStatus.Failed:
                    Note($"server {member.Id} hangs and is replaced; {member.Report.Load} requests are lost there", LogLevel.Warning);
                    await Kill(member);
                    break;
                default:
                    Note($"server {member.Id} is lost", LogLevel.Warning);
                    Leave(member);
                    break;
            }
        }

        await SayEnded();
    }

    private bool IsOverdue(FleetMember member) => member.DrainUntilMs < NowMs;
}
