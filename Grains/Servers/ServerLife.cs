using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Grains.Servers;

/// <summary>The life cycle of a server: its status, its incarnation, its weight, and since when it accepts work.</summary>
internal sealed class ServerLife(string id, ServerSettings settings, TimeProvider time)
{
    private long _readySince;

    /// <summary>The server's status.</summary>
    public ServerStatus Status { get; private set; }

    /// <summary>The number of this activation; 0 before the start.</summary>
    public long Incarnation { get; private set; }

    /// <summary>Share of work relative to other servers; 0 takes none.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>The timestamp at which a draining server rejects what still waits.</summary>
    public long DrainDeadline { get; private set; }

    /// <summary>Milliseconds since the server became ready; 0 before the start.</summary>
    public long ReadyForMs => Incarnation == 0 ? 0 : (long)time.GetElapsedTime(_readySince).TotalMilliseconds;

    /// <summary>The reason for which every request is refused now; <see cref="RejectReason.None"/> while the server accepts work.</summary>
    public RejectReason Refusal => Status switch
    {
        ServerStatus.Ready => RejectReason.None,
        ServerStatus.Starting => RejectReason.NotStarted,
        _ => RejectReason.Draining,
    };

    /// <summary>Makes a server that is not started yet ready.</summary>
    public void Start(long incarnation)
    {
        if (Status != ServerStatus.Starting)
            return;

        BecomeReady(incarnation);
        Weight = settings.Weights.Of(int.TryParse(id, out var number) ? Math.Max(0, number - settings.StartId) : 0, incarnation);
    }

    /// <summary>Begins to drain a ready server, and stops one that was never started.</summary>
    /// <returns>Whether the server was ready.</returns>
    public bool TryDrain()
    {
        if (Status == ServerStatus.Starting)
            Status = ServerStatus.Stopped;

        if (Status != ServerStatus.Ready)
            return false;

        Status = ServerStatus.Draining;
        DrainDeadline = time.GetTimestamp() + time.TimestampUnits(settings.DrainTimeoutMs);
        return true;
    }

    /// <summary>Marks a ready server as failed.</summary>
    /// <returns>Whether the server was ready.</returns>
    public bool Fail()
    {
        if (Status != ServerStatus.Ready)
            return false;

        Status = ServerStatus.Failed;
        return true;
    }

    /// <summary>Makes a failed or draining server ready again.</summary>
    /// <returns>Whether the server was failed or draining.</returns>
    public bool Resume(long incarnation)
    {
        if (Status is not (ServerStatus.Failed or ServerStatus.Draining))
            return false;

        BecomeReady(incarnation);
        return true;
    }

    /// <summary>Gives the server a new incarnation without changing its status.</summary>
    public void Renew(long incarnation) => Incarnation = incarnation;

    /// <summary>Ends the life of the server.</summary>
    public void Stop() => Status = ServerStatus.Stopped;

    private void BecomeReady(long incarnation)
    {
        (Status, Incarnation) = (ServerStatus.Ready, incarnation);
        _readySince = time.GetTimestamp();
    }
}
