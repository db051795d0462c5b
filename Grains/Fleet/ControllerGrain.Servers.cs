using System.Collections.Immutable;
using Orleans.Runtime;
using Shortline.Balancing.Scaling;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;

namespace Shortline.Grains.Fleet;

internal sealed partial class ControllerGrain
{
    /// <summary>Most calls to servers at the same time.</summary>
    private const int AtOnce = 32;

    /// <summary>Milliseconds from the end of a server's drain timeout until it is killed.</summary>
    private const int DrainGraceMs = 2000;

    /// <summary>
    /// Milliseconds for which a silo that did not answer a call gets no servers. Every silo calls the controller on an interval, which ends
    /// this earlier, so it lasts only for silos that cannot call.
    /// </summary>
    private const int SilenceMs = 5000;

    /// <summary>A server answers without waiting for its work, so no answer for this long means that it is lost.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The last incarnation of each id whose server ended: late reports must not bring it back, and a new server gets a later one.
    /// </summary>
    private readonly Dictionary<string, long> _ended = new(StringComparer.Ordinal);

    /// <summary>
    /// The time until which the activation of an ended server may linger to reject late requests (<see cref="ServerGrain.Linger"/>). Twice
    /// that long, because the controller may notice the end earlier or later than the server.
    /// </summary>
    private readonly Dictionary<(string Id, string Silo), long> _lingerUntilMs = [];

    /// <summary>Ended servers that the balancer has not been told of.</summary>
    private List<EndedServer> _unsaidEnded = [];

    private bool _startFailed;

    private int DrainMs => settings.Server.DrainTimeoutMs + DrainGraceMs;

    private IServerGrain Server(FleetMember member) => GrainFactory.GetGrain<IServerGrain>(ServerKey.Of(Pool, member.Id, member.SiloAddress));

    private void Learn(ServerResponse report)
    {
        if (report.IsExternal)
            LearnOfExternal(report);
        else if (_members.TryGetValue(report.Identity, out var member))
        {
            if (member.SiloAddress == report.SiloAddress)
                member.Take(report, NowMs);
            else if (report.Incarnation > member.Incarnation)
                Adopt(report, instead: member);
            else if (report.Status == ServerStatus.Ready)
                Stray(report);
        }
        else if (report.Status == ServerStatus.Ready)
        {
            if (report.Incarnation > _ended.GetValueOrDefault(report.Identity, long.MinValue))
                Adopt(report);
            else
                Stray(report);
        }
        else if (report.Status is ServerStatus.Stopped or ServerStatus.Failed || (_silos.Count > 0 && !_silos.Has(report.SiloAddress)))
        {
            // It ended together with a controller that could not tell the balancer any more.
            SayGone(report);
        }
    }

    /// <summary>
    /// External servers are not part of the fleet. The controller only reports the loss of their silo, because it knows the silos.
    /// </summary>
    private void LearnOfExternal(ServerResponse report)
    {
        if (_silos.Count > 0 && !_silos.Has(report.SiloAddress))
            SayGone(report);
    }

    private void SayGone(ServerResponse report)
    {
        var ended = new EndedServer(report.Identity, report.Incarnation);
        if (!_unsaidEnded.Contains(ended))
            _unsaidEnded.Add(ended);
    }

    private void Adopt(ServerResponse report, FleetMember? instead = null)
    {
        if (instead is not null)
            Stray(instead);
        var member = new FleetMember(report.Identity, report.SiloAddress);
        member.Take(report, NowMs);
        _members[member.Id] = member;
        // An earlier controller started this server for a reason. It goes when it is not needed.
        _scaling = _scaling.Resized(Math.Max(_scaling.Desired, Staying));
    }

    /// <summary>
    /// Reserves the lowest free ids for new servers, each on the silo that has the fewest, before anything is awaited, so that no other
    /// start takes them.
    /// </summary>
    /// <returns>The members; fewer if the silos have no room for more.</returns>
    private List<FleetMember> Reserve(int count)
    {
        var rooms = _silos.Rooms(_members.Values, NowMs);
        List<string> silos = [];
        while (silos.Count < count && FleetSpread.Next(rooms, settings.Server.MaxPerSilo) is var next and >= 0)
        {
            silos.Add(rooms[next].Address);
            rooms[next] = rooms[next] with { Servers = rooms[next].Servers + 1 };
        }

        return Reserve(silos);
    }

    /// <summary>Reserves the lowest free ids for new servers on these silos.</summary>
    private List<FleetMember> Reserve(List<string> silos)
    {
        foreach (var (server, untilMs) in _lingerUntilMs)
        {
            if (untilMs < NowMs)
                _lingerUntilMs.Remove(server);
        }

        // An id may be free in the fleet and still be in use on one silo, where its last server lingers.
        var inUse = _strays.Keys.Concat(_lingerUntilMs.Keys).ToLookup(server => server.Silo, server => server.Id, StringComparer.Ordinal);
        var first = (long)settings.Server.StartId;
        List<FleetMember> reserved = [];
        foreach (var silo in silos)
        {
            first = FleetOrder.LowestFreeId(first, _members.ContainsKey);
            var id = $"{FleetOrder.LowestFreeId(first, id => _members.ContainsKey(id) || inUse[silo].Contains(id, StringComparer.Ordinal))}";
            var member = new FleetMember(id, silo) { IsStarting = true };
            _members.Add(id, member);
            reserved.Add(member);
        }

        return reserved;
    }

    /// <summary>Starts servers and registers them.</summary>
    /// <returns>Those that are ready and in the ranking, so that others may be drained.</returns>
    private async Task<IReadOnlyCollection<FleetMember>> Start(IReadOnlyCollection<FleetMember> members)
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

    /// <summary>Starts a server.</summary>
    /// <returns>Its report; null if it has not started.</returns>
    private async Task<ServerResponse?> Start(FleetMember member)
    {
        try
        {
            var report = await Server(member).Start(_ended.GetValueOrDefault(member.Id)).WaitAsync(AnswerTimeout, time);
            if (report.Status != ServerStatus.Ready)
                throw new InvalidOperationException($"The server is {report.Status} after its start; its silo may be leaving.");
            member.TakeAnswer(report, NowMs);
            member.IsStarting = false;
            _silos.Speaks(member.SiloAddress);
            Note($"server {member.Id} is started on {report.Silo}");
            return report;
        }
        catch (Exception e)
        {
            _startFailed = true;
            Drop(member);
            if (e is not SiloUnavailableException)
                Stray(member);
            FallSilent(member, e);
            _events.Add($"server {member.Id} could not be started on {member.SiloAddress}: {e.Message}");
            LogNotStarted(e, member.Id);
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
            LogNotRegistered(e, started.Length);
            return false;
        }
    }

    /// <summary>
    /// Asks a silo for the reports of its servers, and then, one by one, those that are not among them: a server that is in the middle of
    /// something, perhaps for ever, or one that has ended. If none of the first ones answers, the silo does not, and the others are asked at
    /// the next look.
    /// </summary>
    private async Task AskSilo(string silo, IReadOnlyCollection<FleetMember> members)
    {
        var begun = NowMs;
        try
        {
            var reports = await GrainFactory.GetGrain<ISiloServersGrain>($"{Pool}@{silo}").GetReports().WaitAsync(AnswerTimeout, time);
            var changed = ImmutableArray.CreateBuilder<ServerResponse>();
            var now = NowMs;
            foreach (var report in reports)
            {
                if (!_members.TryGetValue(report.Identity, out var member) || member.SiloAddress != silo || member.IsStarting)
                    continue;
                if (member.Report is not { } known || !known.SaysTheSameAs(report))
                    changed.Add(report);
                member.TakeAnswer(report, now);
            }

            _silos.Speaks(silo);
            if (changed.Count > 0)
                await Balancer.Report(changed.ToImmutable());
        }
        catch (Exception e)
        {
            LogNoServers(e, silo);
        }

        foreach (var some in members.Where(member => member.SeenMs < begun).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(Ask));
            if (Array.TrueForAll(some, member => member.SeenMs < begun))
                return;
        }
    }

    private async Task Ask(FleetMember member)
    {
        try
        {
            var report = await Server(member).GetStatus().WaitAsync(AnswerTimeout, time);
            member.TakeAnswer(report, NowMs);
            _silos.Speaks(member.SiloAddress);
            await Balancer.Report([report]);
        }
        catch (Exception e)
        {
            LogNoAnswer(e, member.Id);
            member.Forget();
            Stray(member);
            FallSilent(member, e);
        }
    }

    private async Task Drain(FleetMember member)
    {
        if (!member.IsDraining)
            Note($"server {member.Id} drains: {(member.Report?.Load is 1 ? "1 request" : $"{member.Report?.Load ?? 0} requests")} to finish");
        member.DrainUntilMs ??= NowMs + DrainMs;
        if (_silos.IsClosing(member.SiloAddress))
            return;
        try
        {
            member.TakeAnswer(await Server(member).Drain().WaitAsync(AnswerTimeout, time), NowMs);
        }
        catch (Exception e)
        {
            // The next look tries again.
            LogNoAnswer(e, member.Id);
        }
    }

    /// <summary>Removes a member, unless another one has its id by now.</summary>
    private void Drop(FleetMember member)
    {
        if (_members.GetValueOrDefault(member.Id) == member)
            _members.Remove(member.Id);
    }

    /// <summary>Removes a member whose server has ended.</summary>
    private void Leave(FleetMember member)
    {
        Drop(member);
        _ended[member.Id] = Math.Max(member.Incarnation, _ended.GetValueOrDefault(member.Id));
        _lingerUntilMs[(member.Id, member.SiloAddress)] = NowMs + 2 * (long)ServerGrain.Linger.TotalMilliseconds;
        _unsaidEnded.Add(member.End);
    }

    private async Task Kill(FleetMember member)
    {
        Leave(member);
        try
        {
            await Server(member).Kill().WaitAsync(AnswerTimeout, time);
        }
        catch (Exception e)
        {
            LogNoAnswer(e, member.Id);
            Stray(member);
        }
    }

    /// <summary>Tells the balancer which servers have ended. If it does not answer, the next look tries again.</summary>
    private async Task SayEnded()
    {
        if (_unsaidEnded.Count == 0)
            return;
        var ended = _unsaidEnded;
        _unsaidEnded = [];
        try
        {
            await Balancer.Remove(ended).WaitAsync(AnswerTimeout, time);
        }
        catch (Exception e)
        {
            _unsaidEnded.AddRange(ended);
            LogNotRemoved(e);
        }
    }

    /// <summary>
    /// Notes that the silo of a member did not answer. It may have stopped or be slow to join, so the next server starts elsewhere.
    /// </summary>
    private void FallSilent(FleetMember member, Exception failure) =>
        _silos.FallSilent(member.SiloAddress, NowMs + (failure is TimeoutException ? SilenceMs : settings.Controller.IntervalMs));
}
