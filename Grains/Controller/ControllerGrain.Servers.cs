using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Shortline.Balancing;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

internal sealed partial class ControllerGrain
{
    /// <summary>Calls to servers at the same time.</summary>
    private const int AtOnce = 32;

    /// <summary>What is left after the server's own drain timeout before it is killed.</summary>
    private const int DrainGraceMs = 2000;

    /// <summary>
    /// A silo on which a call had no answer gets no servers for this long, unless there is a sign of life of it. Every silo calls on an interval, so
    /// this is only for those that cannot.
    /// </summary>
    private const int SilenceMs = 5000;

    /// <summary>A server answers a question without waiting for its work, so silence for this long is a loss.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The last incarnation of ids that are gone: reports of theirs that are still on the way bring nobody back, and a new one is later.</summary>
    private readonly Dictionary<string, long> _ended = new(StringComparer.Ordinal);

    /// <summary>
    /// Until when the activations of servers that are gone may still be there, to reject what comes late (<see cref="ServerGrain.Linger"/>). Twice as long
    /// as they stay, because not all clocks begin when the server ends.
    /// </summary>
    private readonly Dictionary<(string Id, string Silo), long> _lingerUntilMs = [];

    /// <summary>What the balancer does not know yet to be gone.</summary>
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
            // It went together with a controller that did not live to say so.
            SayGone(report);
        }
    }

    /// <summary>It is none of the fleet's. Only that it is gone with its silo is said here, where the silos are known.</summary>
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
        // A server that nobody here started was started by an earlier controller, for a reason: it goes when it is not needed.
        _scaling = _scaling.Resized(Math.Max(_scaling.Desired, Staying));
    }

    /// <summary>Takes the lowest free id on a silo, before anything is awaited, so that nobody else takes it.</summary>
    /// <param name="silo">The silo, or null for the one whose turn it is.</param>
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

    /// <returns>Whether it is ready and in the rankings, so that another one may go.</returns>
    private async Task<bool> Start(FleetMember member)
    {
        ServerResponse report;
        try
        {
            report = await Server(member).Start(_ended.GetValueOrDefault(member.Id)).WaitAsync(AnswerTimeout, time);
            if (report.Status != ServerStatus.Ready)
                throw new InvalidOperationException($"It is {report.Status} after its start.");
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
            // The next look asks again.
            LogNoAnswer(e, member.Id);
        }
    }

    /// <summary>Removes a member, not another one that has its id by now.</summary>
    private void Drop(FleetMember member)
    {
        if (_members.GetValueOrDefault(member.Id) == member)
            _members.Remove(member.Id);
    }

    /// <summary>The member is none any more.</summary>
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

    /// <summary>Tells the balancer who is gone; if it does not answer, the next look does.</summary>
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

    /// <summary>Nobody answers on its silo: it may have stopped, or be slow to join. It is no place for the next server.</summary>
    private void FallSilent(FleetMember member, Exception failure) =>
        _silos.FallSilent(member.SiloAddress, NowMs + (failure is TimeoutException ? SilenceMs : settings.Controller.IntervalMs));
}
