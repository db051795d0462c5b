using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>
/// A silo of this process in the folder of its cluster: its files, its heartbeat, and its lease. It may run grains only while the lease
/// lasts, which is shorter than the silence after which others declare it dead: so a process that was stopped and goes on first finds
/// out whether it is still alive, before anything of it runs.
/// </summary>
internal sealed class LocalMember : IDisposable
{
    /// <summary>Less than <see cref="Suspicion.Limit"/> by more than two heartbeats.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1.5);

    private readonly Lock _lock = new();
    private readonly ClusterFolder _folder;
    private readonly TimeProvider _time;
    private readonly long _lease;
    private FileStream _held;
    private bool _isOver;

    private LocalMember(ClusterFolder folder, TimeProvider time, SiloRecord record, FileStream held)
    {
        _folder = folder;
        _time = time;
        _held = held;
        _lease = (long)(Lease.TotalSeconds * time.TimestampFrequency);
        Record = record;
        LeaseUntil = time.GetTimestamp() + _lease;
    }

    public SiloRecord Record { get; private set; }

    /// <summary>A timestamp.</summary>
    public long LeaseUntil { get; private set; }

    /// <exception cref="OrleansException">Another silo has that port and generation.</exception>
    public static LocalMember Publish(ClusterFolder folder, TimeProvider time, SiloRecord record) =>
        folder.TryPublish(record) is { } held
            ? new LocalMember(folder, time, record, held)
            : throw new OrleansException($"Silo {record.Address} is in its cluster already.");

    public void Change(SiloStatus status)
    {
        lock (_lock)
        {
            Record = Record with { Status = status };
            if (!_isOver)
            {
                _folder.Update(Record);
            }
        }
    }

    /// <summary>Gives a sign of life and renews the lease.</summary>
    /// <returns>False if the silo was declared dead.</returns>
    public bool Renew()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return true; // It leaves by itself.
            }

            var now = _time.GetTimestamp();
            if (!_folder.Beat(Record, _time))
            {
                PublishAgain();
            }

            // After the heartbeat: who declares it dead looks for one once more after that. One of the two sees the other.
            if (_folder.IsDeclaredDead(Record))
            {
                return false;
            }

            LeaseUntil = now + _lease;
            return true;
        }
    }

    /// <summary>Leaves: takes the files away.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _isOver = true;
                _folder.Remove(Record);
                _held.Dispose();
            }
        }
    }

    /// <summary>Somebody cleaned up where the files are.</summary>
    private void PublishAgain()
    {
        if (_folder.TryPublish(Record) is { } held)
        {
            _held.Dispose();
            _held = held;
        }
    }
}
