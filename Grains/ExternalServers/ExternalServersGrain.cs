using System.Net;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;
using Shortline.Protocol.ExternalServers;

namespace Shortline.Grains.ExternalServers;

/// <summary>Places the grains of external servers on silos and passes them the reports.</summary>
/// <remarks>
/// Reentrant, so that a silo that does not answer delays only its own servers; each grain gets one call at a time. If a silo was declared
/// dead and resumes, an external server has two grains for a while. Only one of them gets reports; the other one finds the external server
/// silent and ends.
/// </remarks>
[Reentrant]
internal sealed partial class ExternalServersGrain : Grain, IExternalServersGrain
{
    /// <summary>Timeouts of silence after which an external server is forgotten. Its grain has ended by then too.</summary>
    private const int KeptTimeouts = 10;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, KnownExternalServer> _known = new(StringComparer.Ordinal);
    private readonly ExternalServerSilos _silos;
    private readonly LatestReports _latest;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private readonly RateLimitedLog<string> _refused;
    private Task? _restored;

    public ExternalServersGrain(ShortlineSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        _timeout = TimeSpan.FromMilliseconds(settings.LoadBalancer.ExternalTimeoutMs);
        _logger = loggers.CreateLogger(LogCategories.Controller(this.GetPrimaryKeyString()));
        _refused = new(time, TimeSpan.FromSeconds(10));
        _silos = new(GrainFactory, time);
        _latest = new(time);
    }

    public async Task<IReadOnlyList<string>> Report(IReadOnlyList<ExternalReport> reports)
    {
        await (_restored ??= Restore());
        await _silos.Refresh();
        Forget();
        var calls = reports.Where(_latest.TryTake).Select(Take).ToList();
        calls.AddRange(_known.Values.Where(server => IsStranded(server) || IsQuiet(server)).ToList().Select(Remind));
        await Task.WhenAll(calls);
        return reports.Select(report => report.Id).Where(id => !_known.ContainsKey(id)).ToList();
    }

    /// <summary>Takes the external servers that a fresh activation does not know from the ranking, where gateways find them.</summary>
    private async Task Restore()
    {
        try
        {
            var ranking = await GrainFactory.GetGrain<IBalancerGrain>(this.GetPrimaryKeyString()).GetRanking().WaitAsync(AnswerTimeout, _time);
            foreach (var server in ranking.Servers.Where(server => server.IsExternal))
            {
                _known.TryAdd(server.Identity, new KnownExternalServer(server.Identity)
                {
                    Silo = server.SiloAddress,
                    Incarnation = server.Incarnation,
                    HeardAt = _time.GetTimestamp(),
                    Report = server.IsLocateOnly
                        ? new ExternalReport
                        {
                            Id = server.Identity,
                            Address = server.Host,
                            Port = server.Port,
                            Weight = server.Weight,
                            IsLocateOnly = true,
                        }
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
        if (!_known.TryGetValue(report.Id, out var server))
        {
            if (report.Status != ExternalStatus.Ready || !MayJoin(report))
                return Task.CompletedTask;
            server = new KnownExternalServer(report.Id);
            _known.Add(report.Id, server);
        }

        (server.Report, server.HeardAt) = (report, _time.GetTimestamp());
        return PassReport(server, report);
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

    private Task Remind(KnownExternalServer server)
    {
        server.HeardAt = _time.GetTimestamp();
        return PassReport(server, server.Report! with { IsReminder = true });
    }

    /// <summary>Passes a report to the grain of the external server, and places the grain if its silo is gone.</summary>
    private async Task PassReport(KnownExternalServer server, ExternalReport report)
    {
        if (server.IsCalled)
            return;
        var isPlaced = server.Silo is not null && _silos.Has(server.Silo);
        if (!isPlaced)
        {
            if (report.Status != ExternalStatus.Ready)
            {
                _known.Remove(server.Id);
                return;
            }

            if (_silos.Choose(server.Id) is not { } chosen)
                return;
            server.Silo = chosen;

            // Later than every incarnation so far, because that silo may still have a grain of this external server from an earlier
            // placement.
            server.Incarnation = Math.Max(server.Incarnation, IncarnationClock.Of(_time));
            LogPlaced(server.Id, chosen);
        }

        var silo = server.Silo!;
        server.IsCalled = true;
        try
        {
            var key = ServerKey.Of(this.GetPrimaryKeyString(), server.Id, silo);
            var call = isPlaced && report.IsReminder
                ? GrainFactory.GetGrain<IServerGrain>(key).GetStatus()
                : GrainFactory.GetGrain<IExternalServerGrain>(key).TakeReport(report, server.Incarnation);
            var answer = await call.WaitAsync(AnswerTimeout, _time);
            server.Incarnation = Math.Max(server.Incarnation, answer.Incarnation);
            if (answer.Status is ServerStatus.Stopped or ServerStatus.Starting && _known.Remove(server.Id))
                LogLeft(server.Id);
        }
        catch (Exception failure)
        {
            LogNoAnswer(failure, server.Id, silo);
            _silos.NoteFailure(silo);
            server.Silo = null;
        }
        finally
        {
            server.IsCalled = false;
        }
    }

    /// <summary>Whether the grain of an external server was lost with its silo and no report is about to place it again.</summary>
    private bool IsStranded(KnownExternalServer server) => server is { IsCalled: false, Report: { Status: ExternalStatus.Ready } report }
        && (report.IsLocateOnly || _time.GetElapsedTime(server.HeardAt) < _timeout)
        && (server.Silo is null || !_silos.Has(server.Silo));

    /// <summary>Whether it sends no reports and no gateway has named it for a timeout: its grain may have ended meanwhile.</summary>
    private bool IsQuiet(KnownExternalServer server) => server is { IsCalled: false, Report: { IsLocateOnly: true, Status: ExternalStatus.Ready } }
        && _time.GetElapsedTime(server.HeardAt) > _timeout;

    private void Forget()
    {
        foreach (var server in _known.Values)
        {
            // An external server that speaks the text protocol sends no reports; only its grain knows whether it is there.
            if (server.Report is not { IsLocateOnly: true } && _time.GetElapsedTime(server.HeardAt) > KeptTimeouts * _timeout)
                _known.Remove(server.Id);
        }
    }
}
