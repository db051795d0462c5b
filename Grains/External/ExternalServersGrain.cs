using System.Net;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Shortline.GrainInterfaces;
using Shortline.Hosting;
using Shortline.Protocol;

namespace Shortline.Grains;

/// <summary>Gives programs that are servers their grains.</summary>
/// <remarks>
/// Reentrant, so that a silo that does not answer holds up nobody; there is one call at a time to the grain of a program. Two grains of one program are
/// possible for a while, if a silo was given up and wakes again: only one of them gets its reports, and the other one finds it silent, and ends.
/// </remarks>
[Reentrant]
internal sealed partial class ExternalServersGrain : Grain, IExternalServersGrain
{
    /// <summary>A program that was not heard of for as many timeouts is no longer kept; its grain has ended by then too.</summary>
    private const int KeptTimeouts = 10;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, KnownProgram> _known = new(StringComparer.Ordinal);
    private readonly ExternalSilos _silos;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private readonly RateLimitedLog<string> _refused;
    private Task? _learnt;

    public ExternalServersGrain(ShortlineSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        _timeout = TimeSpan.FromMilliseconds(settings.LoadBalancer.ExternalTimeoutMs);
        _logger = loggers.CreateLogger(LogCategories.Controller(this.GetPrimaryKeyString()));
        _refused = new(time, TimeSpan.FromSeconds(10));
        _silos = new(GrainFactory, time);
    }

    public async Task<IReadOnlyList<string>> Report(IReadOnlyList<ExternalReport> reports)
    {
        await (_learnt ??= Learn());
        await _silos.Refresh();
        Forget();
        var calls = reports.Select(Take).ToList();
        calls.AddRange(_known.Values.Where(program => IsStranded(program) || IsQuiet(program)).ToList().Select(Remind));
        await Task.WhenAll(calls);
        return reports.Select(report => report.Id).Where(id => !_known.ContainsKey(id)).ToList();
    }

    /// <summary>A fresh activation finds those that are there where gateways find them.</summary>
    private async Task Learn()
    {
        try
        {
            var ranking = await GrainFactory.GetGrain<IBalancerGrain>(this.GetPrimaryKeyString()).GetRanking().WaitAsync(AnswerTimeout, _time);
            foreach (var server in ranking.Servers.Where(server => server.IsExternal))
            {
                _known.TryAdd(server.Identity, new KnownProgram(server.Identity)
                {
                    Silo = server.SiloAddress,
                    Incarnation = server.Incarnation,
                    HeardAt = _time.GetTimestamp(),
                    Report = server.IsLocateOnly
                        ? new ExternalReport { Id = server.Identity, Address = server.Host, Port = server.Port, IsLocateOnly = true }
                        : null,
                });
            }
        }
        catch (Exception failure)
        {
            LogNoRanking(failure);
        }
    }

    private Task Take(ExternalReport report)
    {
        if (!_known.TryGetValue(report.Id, out var program))
        {
            if (report.Status != ExternalStatus.Ready || !MayJoin(report))
                return Task.CompletedTask;
            program = new KnownProgram(report.Id);
            _known.Add(report.Id, program);
        }

        (program.Report, program.HeardAt) = (report, _time.GetTimestamp());
        return Tell(program, report);
    }

    private bool MayJoin(ExternalReport report)
    {
        if (_known.Count >= ExternalServerId.Limit)
        {
            if (_refused.TryPass("", out var more))
                LogTooMany(report.Id, ExternalServerId.Limit, more);
            return false;
        }

        if (!IPAddress.IsLoopback(IPAddress.Parse(report.Address)) || _silos.AreTogether)
            return true;
        if (_refused.TryPass(report.Id, out var suppressed))
            LogOutOfReach(report.Id, report.Address, suppressed);
        return false;
    }

    private Task Remind(KnownProgram program)
    {
        program.HeardAt = _time.GetTimestamp();
        return Tell(program, program.Report! with { IsReminder = true });
    }

    /// <summary>Tells its grain what the program says.</summary>
    private async Task Tell(KnownProgram program, ExternalReport report)
    {
        if (program.IsCalled)
            return;
        var isPlaced = program.Silo is not null && _silos.Has(program.Silo);
        if (!isPlaced)
        {
            if (report.Status != ExternalStatus.Ready)
            {
                _known.Remove(program.Id);
                return;
            }

            if (_silos.Choose(program.Id) is not { } chosen)
                return;
            program.Silo = chosen;

            // Later than anything that is known of it, also by others: there may be a grain of it there, from before it was elsewhere.
            program.Incarnation = Math.Max(program.Incarnation, IncarnationClock.Of(_time));
            LogPlaced(program.Id, chosen);
        }

        var silo = program.Silo!;
        program.IsCalled = true;
        try
        {
            var key = ServerKey.Of(this.GetPrimaryKeyString(), program.Id, silo);
            var call = isPlaced && report.IsReminder
                ? GrainFactory.GetGrain<IServerGrain>(key).GetStatus()
                : GrainFactory.GetGrain<IExternalServerGrain>(key).TakeReport(report, program.Incarnation);
            var answer = await call.WaitAsync(AnswerTimeout, _time);
            program.Incarnation = Math.Max(program.Incarnation, answer.Incarnation);
            if (answer.Status is ServerStatus.Stopped or ServerStatus.Starting && _known.Remove(program.Id))
                LogLeft(program.Id);
        }
        catch (Exception failure)
        {
            LogNoAnswer(failure, program.Id, silo);
            _silos.FallSilent(silo);
            program.Silo = null;
        }
        finally
        {
            program.IsCalled = false;
        }
    }

    /// <summary>Whether its grain has gone with its silo, and it may not say anything soon that would bring it back.</summary>
    private bool IsStranded(KnownProgram program) => program is { IsCalled: false, Report: { Status: ExternalStatus.Ready } report }
        && (report.IsLocateOnly || _time.GetElapsedTime(program.HeardAt) < _timeout)
        && (program.Silo is null || !_silos.Has(program.Silo));

    /// <summary>Whether nobody tells of it any more and it does not report: its grain may have found out that it is gone.</summary>
    private bool IsQuiet(KnownProgram program) => program is { IsCalled: false, Report: { IsLocateOnly: true, Status: ExternalStatus.Ready } }
        && _time.GetElapsedTime(program.HeardAt) > _timeout;

    private void Forget()
    {
        foreach (var program in _known.Values)
        {
            // One that speaks the text protocol does not report: its grain knows whether it is there.
            if (program.Report is not { IsLocateOnly: true } && _time.GetElapsedTime(program.HeardAt) > KeptTimeouts * _timeout)
                _known.Remove(program.Id);
        }
    }
}
