using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;

namespace Shortline.Grains.Fleet;

/// <summary>
/// Makes the controller's calls to servers, silos and the balancer. A call that fails is logged and becomes a change of the
/// <see cref="FleetState"/>, so that nothing here throws. Used on the controller's turns only.
/// </summary>
internal sealed partial class FleetCalls(
    string pool, FleetState fleet, FleetEvents events, IGrainFactory grains, ShortlineSettings settings, TimeProvider time, ILogger logger)
{
    /// <summary>Most calls to servers at the same time.</summary>
    public const int AtOnce = 32;

    /// <summary>Milliseconds from the end of a server's drain timeout until it is killed.</summary>
    private const int DrainGraceMs = 2000;

    /// <summary>
    /// Milliseconds for which a silo that did not answer a call gets no servers. Every silo calls the controller on an interval, which ends
    /// this earlier, so it lasts only for silos that cannot call.
    /// </summary>
    private const int SilenceMs = 5000;

    /// <summary>A server answers without waiting for its work, so no answer for this long means that it is lost.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>When a server that begins to drain now is killed.</summary>
    public long DrainUntilMs => fleet.NowMs + settings.Server.DrainTimeoutMs + DrainGraceMs;

    private IBalancerGrain Balancer => grains.GetGrain<IBalancerGrain>(pool);

    /// <summary>Updates the silos from the cluster's membership; keeps the last list if it cannot be read.</summary>
    public async Task FindSilos()
    {
        try
        {
            var before = fleet.Silos.Count;
            var hosts = await grains.GetGrain<IManagementGrain>(0).GetHosts().WaitAsync(AnswerTimeout, time);
            if (hosts.Count > 0 && fleet.Silos.Update(hosts) && before != fleet.Silos.Count)
                events.Note(before == 0 ? FleetSilos.Text(fleet.Silos.Count) : $"{FleetSilos.Text(fleet.Silos.Count)} instead of {before}");
        }
        catch (Exception e)
        {
            LogNoSilos(logger, e);
        }
    }

    /// <summary>Learns the servers that the balancer knows.</summary>
    public async Task AskBalancer()
    {
        try
        {
            var ranking = await Balancer.GetRanking().WaitAsync(AnswerTimeout, time);
            foreach (var report in ranking.Servers)
                fleet.Learn(report);
        }
        catch (Exception e)
        {
            LogNoRanking(logger, e);
        }
    }

    /// <summary>
    /// Asks a silo for its own servers. The balancer, and a state that is stored in memory, may have been lost with the former controller's
    /// silo.
    /// </summary>
    /// <returns>Whether the silo has answered.</returns>
    public async Task<bool> FindServers(string silo)
    {
        try
        {
            foreach (var id in await SiloServers(silo).GetServers().WaitAsync(AnswerTimeout, time))
                fleet.AddKnown(id, silo);
            return true;
        }
        catch (Exception e)
        {
            LogNoServers(logger, e, silo);
            return false;
        }
    }

    /// <summary>Starts servers and registers them.</summary>
    /// <returns>Those that are ready and in the ranking, so that others may be drained.</returns>
    public async Task<IReadOnlyCollection<FleetMember>> Start(IReadOnlyCollection<FleetMember> members)
    {
        List<FleetMember> registered = [];
        foreach (var some in members.Chunk(AtOnce))
        {
            var reports = await Task.WhenAll(some.Select(Start));
            if (await Register([.. reports.OfType<ServerResponse>()]))
                registered.AddRange(some.Zip(reports).Where(pair => pair.Second is not null).Select(pair => pair.First));
        }

        return registered;
    }

    /// <summary>
    /// Asks a silo for the reports of its servers, and then, one by one, those that are not among them: a server that is in the middle of
    /// something, perhaps for ever, or one that has ended. If none of the first ones answers, the silo does not, and the others are asked at
    /// the next look.
    /// </summary>
    public async Task AskSilo(string silo, IReadOnlyCollection<FleetMember> members)
    {
        var begun = fleet.NowMs;
        try
        {
            var reports = await SiloServers(silo).GetReports().WaitAsync(AnswerTimeout, time);
            var changed = ImmutableArray.CreateBuilder<ServerResponse>();
            var now = fleet.NowMs;
            foreach (var report in reports)
            {
                if (!fleet.TryGet(report.Identity, out var member) || member.SiloAddress != silo || member.IsStarting)
                    continue;
                if (member.Report is not { } known || !known.SaysTheSameAs(report))
                    changed.Add(report);
                member.TakeAnswer(report, now);
            }

            fleet.Silos.Speaks(silo);
            if (changed.Count > 0)
                await Balancer.Report(changed.ToImmutable());
        }
        catch (Exception e)
        {
            LogNoServers(logger, e, silo);
        }

        foreach (var some in members.Where(member => member.SeenMs < begun).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(Ask));
            if (Array.TrueForAll(some, member => member.SeenMs < begun))
                return;
        }
    }

    /// <summary>Makes a server drain. Repeated until it answers.</summary>
    public async Task Drain(FleetMember member)
    {
        if (!member.IsDraining)
            events.Note($"server {member.Id} drains: {(member.Report?.Load is 1 ? "1 request" : $"{member.Report?.Load ?? 0} requests")} to finish");
        member.DrainUntilMs ??= DrainUntilMs;
        if (fleet.Silos.IsClosing(member.SiloAddress))
            return;
        try
        {
            member.TakeAnswer(await Server(member).Drain().WaitAsync(AnswerTimeout, time), fleet.NowMs);
        }
        catch (Exception e)
        {
            // The next look tries again.
            LogNoAnswer(logger, e, member.Id);
        }
    }

    /// <summary>Removes a server from the fleet and ends it.</summary>
    public async Task Kill(FleetMember member)
    {
        fleet.Leave(member);
        try
        {
            await Server(member).Kill().WaitAsync(AnswerTimeout, time);
        }
        catch (Exception e)
        {
            LogNoAnswer(logger, e, member.Id);
            fleet.AddStray(member);
        }
    }

    /// <summary>Drains a stray, which may take long to answer.</summary>
    public async Task EndStray(FleetMember stray)
    {
        if (stray.IsAsked || fleet.Silos.IsClosing(stray.SiloAddress))
            return;
        stray.IsAsked = true;
        try
        {
            var report = await Server(stray).Drain();
            fleet.Silos.Speaks(stray.SiloAddress);
            if (report.Status is ServerStatus.Stopped or ServerStatus.Starting or ServerStatus.Failed)
                fleet.RemoveStray(stray);
        }
        catch (Exception e)
        {
            // The next look tries again.
            LogNoAnswer(logger, e, stray.Id);
        }
        finally
        {
            stray.IsAsked = false;
        }
    }

    /// <summary>Makes a server return requests that wait there.</summary>
    public async Task Share(FleetMember member, int keep, int waiting)
    {
        try
        {
            await Server(member).Share(keep).WaitAsync(AnswerTimeout, time);
            events.Note($"server {member.Id} shares its queue: it keeps {keep} of {waiting} waiting requests");
        }
        catch (Exception e)
        {
            LogNoAnswer(logger, e, member.Id);
        }
    }

    /// <summary>Tells the balancer which servers have ended. If it does not answer, the next call tries again.</summary>
    public async Task TellEnds()
    {
        var ends = fleet.TakeUntoldEnds();
        if (ends.Count == 0)
            return;
        try
        {
            await Balancer.Remove(ends).WaitAsync(AnswerTimeout, time);
        }
        catch (Exception e)
        {
            fleet.ReturnUntoldEnds(ends);
            LogNotRemoved(logger, e);
        }
    }

    private IServerGrain Server(FleetMember member) => grains.GetGrain<IServerGrain>(ServerKey.Of(pool, member.Id, member.SiloAddress));

    private ISiloServersGrain SiloServers(string silo) => grains.GetGrain<ISiloServersGrain>($"{pool}@{silo}");

    /// <summary>Starts a server.</summary>
    /// <returns>Its report; null if it has not started.</returns>
    private async Task<ServerResponse?> Start(FleetMember member)
    {
        try
        {
            var report = await Server(member).Start(fleet.LastIncarnation(member.Id)).WaitAsync(AnswerTimeout, time);
            if (report.Status != ServerStatus.Ready)
                throw new InvalidOperationException($"The server is {report.Status} after its start; its silo may be leaving.");
            member.TakeAnswer(report, fleet.NowMs);
            member.IsStarting = false;
            fleet.Silos.Speaks(member.SiloAddress);
            events.Note($"server {member.Id} is started on {report.Silo}");
            return report;
        }
        catch (Exception e)
        {
            fleet.Drop(member);
            if (e is not SiloUnavailableException)
                fleet.AddStray(member);
            FallSilent(member, e);
            events.Add($"server {member.Id} could not be started on {member.SiloAddress}: {e.Message}");
            LogNotStarted(logger, e, member.Id);
            return null;
        }
    }

    /// <returns>Whether the servers are in the ranking.</returns>
    private async Task<bool> Register(ImmutableArray<ServerResponse> started)
    {
        if (started.IsEmpty)
            return true;
        try
        {
            await Balancer.Register(started).WaitAsync(AnswerTimeout, time);
            return true;
        }
        catch (Exception e)
        {
            LogNotRegistered(logger, e, started.Length);
            return false;
        }
    }

    private async Task Ask(FleetMember member)
    {
        try
        {
            var report = await Server(member).GetStatus().WaitAsync(AnswerTimeout, time);
            member.TakeAnswer(report, fleet.NowMs);
            fleet.Silos.Speaks(member.SiloAddress);
            await Balancer.Report([report]);
        }
        catch (Exception e)
        {
            LogNoAnswer(logger, e, member.Id);
            member.Forget();
            fleet.AddStray(member);
            FallSilent(member, e);
        }
    }

    /// <summary>
    /// Notes that the silo of a member did not answer. It may have stopped or be slow to join, so the next server starts elsewhere.
    /// </summary>
    private void FallSilent(FleetMember member, Exception failure) =>
        fleet.Silos.FallSilent(
            member.SiloAddress, fleet.NowMs, failure is TimeoutException ? SilenceMs : settings.Controller.IntervalMs, Math.Max(SilenceMs, settings.Controller.IntervalMs));

    [LoggerMessage(2303, LogLevel.Warning, "Server {Server} could not be started")]
    private static partial void LogNotStarted(ILogger logger, Exception exception, string server);

    [LoggerMessage(2309, LogLevel.Warning, "The balancer did not answer when {Servers} servers were registered; their reports will register them")]
    private static partial void LogNotRegistered(ILogger logger, Exception exception, int servers);

    [LoggerMessage(2310, LogLevel.Warning, "Silo {Silo} could not list its servers; their next reports will announce them")]
    private static partial void LogNoServers(ILogger logger, Exception exception, string silo);

    [LoggerMessage(2304, LogLevel.Debug, "Server {Server} does not answer")]
    private static partial void LogNoAnswer(ILogger logger, Exception exception, string server);

    [LoggerMessage(2305, LogLevel.Warning, "The balancer could not list the servers; their next reports will announce them")]
    private static partial void LogNoRanking(ILogger logger, Exception exception);

    [LoggerMessage(2306, LogLevel.Warning, "The silos could not be listed; the last list is used")]
    private static partial void LogNoSilos(ILogger logger, Exception exception);

    [LoggerMessage(2308, LogLevel.Warning, "The balancer did not respond when ended servers were removed; the next check tries again")]
    private static partial void LogNotRemoved(ILogger logger, Exception exception);
}
