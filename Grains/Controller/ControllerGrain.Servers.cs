using Microsoft.Extensions.Logging;
using Orleans;
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
    /// How long the id of a server that did not answer stays unused: a cluster takes that long to declare a silo dead, and a call to
    /// the same grain would hang as long.
    /// </summary>
    private const int QuarantineMs = 30_000;

    /// <summary>A server answers a question without waiting for its work, so silence for this long is a loss.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, long> _quarantine = new(StringComparer.Ordinal);

    /// <summary>Servers that are gone, by incarnation: reports of theirs that are still on the way bring nobody back.</summary>
    private readonly Dictionary<string, long> _ended = new(StringComparer.Ordinal);

    private int _savedMinimum;

    private int DrainMs => settings.Server.DrainTimeoutMs + DrainGraceMs;

    private IServerGrain Server(string id) => GrainFactory.GetGrain<IServerGrain>(ServerKey.Of(Pool, id));

    private void Learn(ServerResponse report)
    {
        if (_members.TryGetValue(report.Identity, out var member))
            member.Take(report, NowMs);
        else if (report.Status == ServerStatus.Ready && report.Incarnation > _ended.GetValueOrDefault(report.Identity, long.MinValue))
            Adopt(report);
    }

    private void Adopt(ServerResponse report)
    {
        var member = new FleetMember(report.Identity);
        member.Take(report, NowMs);
        _members.Add(report.Identity, member);
        // A server that nobody here started was started by an earlier controller, for a reason: it goes when it is not needed.
        _scaling = _scaling.Resized(Math.Max(_scaling.Desired, Staying));
    }

    /// <summary>Takes the lowest free id, before anything is awaited, so that nobody else takes it.</summary>
    private FleetMember Reserve()
    {
        foreach (var (id, until) in _quarantine)
        {
            if (until < NowMs)
                _quarantine.Remove(id);
        }

        var taken = new HashSet<string>(_members.Keys.Concat(_quarantine.Keys), StringComparer.Ordinal);
        var member = new FleetMember(FleetOrder.LowestFreeId(settings.Server.StartId, taken)) { IsStarting = true };
        _members.Add(member.Id, member);
        return member;
    }

    private async Task Start(FleetMember member)
    {
        try
        {
            var report = await Server(member.Id).Start().WaitAsync(AnswerTimeout, time);
            if (report.Status != ServerStatus.Ready)
                throw new InvalidOperationException($"It is {report.Status} after its start.");
            member.TakeAnswer(report, NowMs);
            member.IsStarting = false;
            Note($"server {member.Id} is started on {report.Silo}");
            await Balancer.Report(report);
        }
        catch (Exception e)
        {
            _members.Remove(member.Id);
            if (e is TimeoutException)
                _quarantine[member.Id] = NowMs + QuarantineMs;
            else
                await Kill(member);
            _events.Add($"server {member.Id} could not be started: {e.Message}");
            LogNotStarted(e, member.Id);
        }
    }

    private async Task Ask(FleetMember member)
    {
        try
        {
            var report = await Server(member.Id).GetStatus().WaitAsync(AnswerTimeout, time);
            member.TakeAnswer(report, NowMs);
            await Balancer.Report(report);
        }
        catch (Exception e)
        {
            LogNoAnswer(e, member.Id);
            member.Forget();
            if (e is TimeoutException)
                _quarantine[member.Id] = NowMs + QuarantineMs;
        }
    }

    private async Task Drain(FleetMember member)
    {
        if (!member.IsDraining)
            Note($"server {member.Id} drains: {member.Report?.Load} requests to finish");
        member.DrainUntilMs ??= NowMs + DrainMs;
        try
        {
            member.TakeAnswer(await Server(member.Id).Drain().WaitAsync(AnswerTimeout, time), NowMs);
        }
        catch (Exception e)
        {
            // The next look asks again.
            LogNoAnswer(e, member.Id);
        }
    }

    private void Leave(FleetMember member)
    {
        _members.Remove(member.Id);
        if (member.Report is { Incarnation: > 0 } report)
            _ended[member.Id] = report.Incarnation;
    }

    private async Task Kill(FleetMember member)
    {
        Leave(member);
        try
        {
            await Server(member.Id).Kill().WaitAsync(AnswerTimeout, time);
        }
        catch (Exception e)
        {
            LogNoAnswer(e, member.Id);
            if (e is TimeoutException)
                _quarantine[member.Id] = NowMs + QuarantineMs;
        }
    }

    private async Task Remember()
    {
        var ids = _members.Values.Where(member => !member.IsDraining).Select(member => member.Id).Order(StringComparer.Ordinal).ToList();
        var state = memory.State;
        if (state.Desired == _scaling.Desired && _savedMinimum == state.Minimum && state.ServerIds.SequenceEqual(ids, StringComparer.Ordinal))
            return;
        state.Desired = _scaling.Desired;
        state.ServerIds = ids;
        try
        {
            await memory.WriteStateAsync();
            _savedMinimum = state.Minimum;
        }
        catch (Exception e)
        {
            LogNotSaved(e);
        }
    }
}
