using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.Hosting.Logs;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>
/// Declares silos dead as soon as their processes have ended. Orleans' probes find them too, but need seconds, and two votes with more than
/// two silos. Also checks that the file can still be written.
/// </summary>
internal sealed partial class LostSiloWatch(
    ClusterDatabase database, IClusterMembershipService membership, ILocalSiloDetails self, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    private readonly ILogger _log = loggers.CreateLogger(LogCategories.Silo(self.Name));

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>The number of intervals between two checks of the file, which is 5 s.</summary>
    private const int CheckEvery = 25;

    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            for (var count = 1L; await timer.WaitForNextTickAsync(stoppingToken); count++)
            {
                await DeclareDead();
                if (count % CheckEvery == 0)
                    Check();
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task DeclareDead()
    {
        foreach (var (address, member) in membership.CurrentSnapshot.Members)
        {
            if (address.Equals(self.SiloAddress)
                || member.Status is SiloStatus.Dead or SiloStatus.None
                || !database.Folder.Locks.IsGone(new SiloRun(address.Endpoint.Port, address.Generation)))
            {
                continue;
            }

            try
            {
                if (await membership.TryKill(address))
                    Gone(_log, member.Name, address.Endpoint.Port);
            }
            catch (Exception failure)
            {
                // The next interval tries again. The check of the file logs what is wrong with it.
                NotDeclared(_log, failure, member.Name);
            }
        }
    }

    private void Check()
    {
        var fault = database.Check(new SiloRun(self.SiloAddress.Endpoint.Port, self.SiloAddress.Generation), time.GetUtcNow());
        if (fault is not null && !_failing)
            Failing(_log, fault);
        else if (fault is null && _failing)
            Working(_log, database.Folder.Database);
        _failing = fault is not null;
    }

    [LoggerMessage(4111, LogLevel.Information, "Silo {Name} on port {Port} is gone: its process has ended. Its servers move to other silos")]
    private static partial void Gone(ILogger log, string name, int port);

    [LoggerMessage(4112, LogLevel.Debug, "Silo {Name} could not be declared dead; another attempt follows")]
    private static partial void NotDeclared(ILogger log, Exception failure, string name);

    [LoggerMessage(4113, LogLevel.Error, "{Fault} Until then running silos and gateways continue, but no silo can join or be declared dead, and the size of the fleet is not saved")]
    private static partial void Failing(ILogger log, string fault);

    [LoggerMessage(4114, LogLevel.Information, "The cluster's file {File} can be written again")]
    private static partial void Working(ILogger log, string file);
}
