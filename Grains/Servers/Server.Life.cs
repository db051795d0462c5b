using Shortline.GrainInterfaces;
using Shortline.Protocol;

namespace Shortline.Grains;

internal sealed partial class Server
{
    /// <summary>Makes a server that nobody has started yet accept work.</summary>
    /// <param name="incarnation">Larger than that of any earlier activation.</param>
    public void Start(long incarnation)
    {
        if (Status != ServerStatus.Starting)
            return;

        Status = ServerStatus.Ready;
        Incarnation = incarnation;
        _startedAt = _time.GetTimestamp();
        _weight = _settings.Weights.Of(int.TryParse(_id, out var number) ? Math.Max(0, number - _settings.StartId) : 0, incarnation);
    }

    /// <summary>Takes nothing new and finishes what is here; what has not begun within the drain timeout is given back.</summary>
    public void Drain()
    {
        if (Status == ServerStatus.Starting)
            Status = ServerStatus.Stopped;

        if (Status != ServerStatus.Ready)
            return;

        Status = ServerStatus.Draining;
        _drainUntil = _time.GetTimestamp() + TimestampUnits(_settings.DrainTimeoutMs);
        Dispatch();
    }

    /// <summary>Gives back what came last, until <paramref name="keep"/> requests wait.</summary>
    public void Share(int keep)
    {
        while (_waiting.Count > Math.Max(0, keep) && _waiting.TryTakeLast(out var job))
            AnswerUnexecuted(job, ResponseStatus.Rejected, RejectReason.Shared);
    }

    /// <summary>Takes nothing new, gives back what waits, and finishes only what is in service.</summary>
    public void GiveBack()
    {
        Drain();
        RejectWaiting();
        Dispatch();
    }

    /// <summary>Ends everything, answered or not.</summary>
    public void Abandon()
    {
        Status = ServerStatus.Stopped;
        _finished.Close();
        _workers.Abandon();
        while (_waiting.TryDequeue(out var job))
            _jobs.Return(job);
    }
}
