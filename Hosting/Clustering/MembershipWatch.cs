using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Clustering.Redis;
using Orleans.Runtime;
using Shortline.Hosting.Logs;

namespace Shortline.Hosting.Clustering;

/// <summary>
/// Ends the silo when its own entry has vanished from the membership table: Redis came back empty, or a database was restored from a
/// backup. Orleans would retry its heartbeat for ever, while new silos would form a second cluster in the same table.
/// </summary>
internal sealed partial class MembershipWatch(
    IMembershipTable table, ILocalSiloDetails silo, IFatalErrorHandler fatal, TimeProvider time, ILoggerFactory loggers) : IHostedLifecycleService, IDisposable
{
    /// <summary>The interval of heartbeats. Each check is one small query.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Time until a second check, so that a single wrong result, such as during a failover, does not end the silo.</summary>
    private static readonly TimeSpan SecondCheck = TimeSpan.FromSeconds(1);

    /// <summary>The message of the Redis provider of Orleans 10.4.2 when Redis responds but has no membership table.</summary>
    private const string NoTable = "membership table version is missing";

    private readonly ILogger _log = loggers.CreateLogger(LogCategories.Silo(silo.Name));
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Begins to watch. The silo has joined by now, so its entry exists.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _watching = Watch(_stop.Token);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _watching;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    private async Task Watch(CancellationToken stop)
    {
        try
        {
            do
            {
                await Task.Delay(Period, time, stop);
            }
            while (!await IsMissing(stop) || !await IsStillMissing(stop));
        }
        catch (OperationCanceledException)
        {
            return;
        }

        const string Reason = "its entry is gone from the membership table";
        EntryLost(_log, silo.Name);
        fatal.OnFatalException(this, Reason);
    }

    private async Task<bool> IsStillMissing(CancellationToken stop)
    {
        await Task.Delay(SecondCheck, time, stop);
        return await IsMissing(stop);
    }

    /// <summary>
    /// Whether the table responds and does not have the entry. False if the table does not respond, because then nothing is known.
    /// </summary>
    private async Task<bool> IsMissing(CancellationToken stop)
    {
        try
        {
            return (await table.ReadRowAsync(silo.SiloAddress, stop)).Members.Count == 0;
        }
        catch (RedisClusteringException empty) when (empty.Message.Contains(NoTable, StringComparison.Ordinal))
        {
            return true;
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            NotRead(_log, failure.Message);
            return false;
        }
    }

    [LoggerMessage(1124, LogLevel.Critical,
        "The database of the cluster has lost the entry of silo {Name}: it came back empty, or from an older backup. Wait until every silo has ended, start them again, "
        + "and make sure that the database persists its data (docs/cluster.md)")]
    private static partial void EntryLost(ILogger log, string name);

    [LoggerMessage(1125, LogLevel.Debug, "The silo's own entry was not read: {Failure}")]
    private static partial void NotRead(ILogger log, string failure);
}
