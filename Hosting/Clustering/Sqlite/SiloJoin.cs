using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>
/// Makes the silos of a machine join one after the other. If two join at the same time, their changes of the list of members conflict, and
/// the loser waits for 2 to 4 seconds before it tries again; Orleans has no setting for this pause. A member that is gone but still listed
/// as active delays a joining silo as much, so each silo first marks silos whose processes have ended as dead.
/// </summary>
internal sealed partial class SiloJoin(ClusterDatabase database, ILocalSiloDetails silo, TimeProvider time, ILoggerFactory loggers)
    : IHostedLifecycleService, IDisposable
{
    private readonly ILogger _log = loggers.CreateLogger(LogCategories.Silo(silo.Name));

    /// <summary>
    /// A silo joins in less than a second. One that is paused while it joins must not keep the others out for longer than this.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    private FileStream? _ownLock;
    private FileStream? _joinLock;

    /// <summary>Takes the locks before any other service starts, so that a fault here is the only message of a failed start.</summary>
    /// <exception cref="StartFailedException">The silo must not join; the message says why.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            _joinLock = await TakeJoinLock(cancellationToken);
            if (_joinLock is not null)
            {
                var runs = database.Folder.Locks.All().ToList();
                RemoveGone(runs);
                RefuseSecondCluster(runs);
            }

            _ownLock = database.Folder.Locks.Hold(new SiloRun(silo.SiloAddress.Endpoint.Port, silo.SiloAddress.Generation));
        }
        catch (Exception failure) when (database.Explain(failure) is { } explained)
        {
            throw new StartFailedException(explained, failure);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets the next silo join, because this one has joined.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _joinLock?.Dispose();
        _joinLock = null;
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Releases the locks. The kernel does the same when the process ends.</summary>
    public void Dispose()
    {
        _joinLock?.Dispose();
        _ownLock?.Dispose();
    }

    private async Task<FileStream?> TakeJoinLock(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(database.Folder.JoinLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(started) < LongestWait)
            {
                await Task.Delay(RetryInterval, time, cancellationToken);
            }
            catch (IOException)
            {
                JoinsAnyway(_log, LongestWait.TotalSeconds);
                return null;
            }
        }
    }

    private void RemoveGone(List<SiloRun> runs)
    {
        foreach (var run in runs.FindAll(database.Folder.Locks.IsGone))
        {
            database.MarkDead(run);
            database.Folder.Locks.Remove(run);
            runs.Remove(run);
        }
    }

    /// <summary>
    /// Refuses to join if the file does not contain a running silo. Then the file was replaced, and this silo would form a second cluster
    /// beside the first.
    /// </summary>
    private void RefuseSecondCluster(List<SiloRun> running)
    {
        if (running.Find(run => !database.Knows(run)) is { } unknown)
            throw new StartFailedException(database.ReplacedUnder(unknown));
    }

    [LoggerMessage(4101, LogLevel.Warning, "Another silo has been joining for more than {Seconds} s; this one joins at the same time, which may take longer")]
    private static partial void JoinsAnyway(ILogger log, double seconds);
}
