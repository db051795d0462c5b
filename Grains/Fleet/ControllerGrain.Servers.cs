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

    /// <summary>Reserves the lowest free id for a new server, before anything is awaited, so that no other start takes it.</summary>
    /// <param name="silo">The silo to start it on, or null for the one with the fewest servers.</param>
    /// <returns>The member, or null if no silo has room.</returns>
    private FleetMember? Reserve(string? silo = null)
    {
        if (silo is null)
        {
            var rooms = _silos.Rooms(_members.Values, NowMs);
            if (FleetSpread.Next(rooms, settings.Server.MaxPerSilo) is var next and >= 0)
                silo = rooms[next].Address;
            else
                return null;
        }

        foreach (var (server, untilMs) in _lingerUntilMs)
        {
            if (untilMs < NowMs)
                _lingerUntilMs.Remove(server);
        }

        var taken = _members.Keys.Concat(_strays.Keys.Concat(_lingerUntilMs.Keys).Where(server => server.Silo == silo).Select(server => server.Id));
        var id = FleetOrder.LowestFreeId(settings.Server.StartId, taken.ToHashSet(StringComparer.Ordinal));
        var member = new FleetMember(id, silo) { IsStarting = true };
        _members.Add(id, member);
        return member;
    }

    /// <summary>Starts a server.</summary>
    /// <returns>Whether the server is ready and in the ranking, so that another server may be drained.</returns>
    private async Task<bool> Start(FleetMember member)
    {
        ServerResponse report;
        try
        {
            report = await Server(member).Start(_ended.GetValueOrDefault(member.Id)).WaitAsync(AnswerTimeout, time);
            if (report.Status != ServerStatus.Ready)
                throw new InvalidOperationException($"The server is {report.Status} after its start; its silo may be leaving.");
            member.TakeAnswer(report, NowMs);
            member.IsStarting = false;
            _silos.Speaks(member.SiloAddress);
            Note($"server {member.Id} is started on {report.Silo}");
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
            return false;
        }

        try
        {
            await Balancer.Register(report).WaitAsync(AnswerTimeout, time);
            return true;
        }
        catch (Exception e)
        {
            LogNotRegistered(e, member.Id);
            return false;
        }
    }

    private async Task Ask(FleetMember member)
    {
        try
        {
            var report = await Server(member).GetStatus().WaitAsync(AnswerTimeout, time);
            member.TakeAnswer(report, NowMs);
            _silos.Speaks(member.SiloAddress);
            await Balancer.Report(report);
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
