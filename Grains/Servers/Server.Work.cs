using Shortline.GrainInterfaces;
using Shortline.Protocol;

namespace Shortline.Grains;

internal sealed partial class Server
{
    /// <summary>Answers the jobs whose handlers have returned and gives their workers the next ones.</summary>
    public void Collect()
    {
        while (_finished.TryTake(out var job))
        {
            Changes++;
            _workers.End(job);
            var serviceTimeUs = Tally.Served(job.Operation, job.ServiceTime);
            if (!job.IsClosed)
            {
                var bodies = job.Gateway.Responses.Bodies;
                bodies.BeginResult();
                bodies.Put(job.Result.Current);
                Answer(job, job.Status, job.Status == ResponseStatus.Rejected ? RejectReason.QueueFull : RejectReason.None, serviceTimeUs);
            }

            _jobs.Return(job);
        }

        Dispatch();
    }

    /// <summary>Answers what has expired and looks after the workers that hang.</summary>
    public void Tick()
    {
        var now = _time.GetTimestamp();
        _expired.Clear();
        _waiting.RemoveExpired(now, _expired);
        foreach (var job in _expired)
            AnswerUnexecuted(job, ResponseStatus.Expired);

        _expired.Clear();
        _workers.Check(now, _expired);
        foreach (var job in _expired)
        {
            // The time in service says that the handler had it: it may have run.
            Answer(job, ResponseStatus.Expired, serviceTimeUs: Math.Max(1, (int)_time.GetElapsedTime(job.TakenAt, now).TotalMicroseconds), begin: true);
            job.Cancel();
        }

        if (_workers.AllHung && Status == ServerStatus.Ready)
            Status = ServerStatus.Failed;

        if (_workers.AllHung || (Status == ServerStatus.Draining && now >= _drainUntil))
            RejectWaiting();

        Dispatch();
    }

    /// <summary>Gives waiting jobs to free workers.</summary>
    private void Dispatch()
    {
        var now = _time.GetTimestamp();
        for (var inline = 0; _workers.IsOneFree && _waiting.TryDequeue(out var job);)
        {
            if (now >= job.Deadline)
            {
                AnswerUnexecuted(job, ResponseStatus.Expired);
                continue;
            }

            if (!job.Operation.RunsInline)
            {
                _workers.Begin(job, now);
                continue;
            }

            job.Gateway.Responses.Bodies.BeginResult();
            var status = InlineWork.Run(job.Operation, job.Request, job.Gateway.Responses);
            Answer(job, status, serviceTimeUs: Tally.Served(job.Operation, Lap(ref now)));
            _jobs.Return(job);
            if (++inline == InlineJobsPerTurn)
            {
                _finished.RequestTurn();
                break;
            }
        }

        if (Status == ServerStatus.Draining && HasNothing)
            Status = ServerStatus.Stopped;
    }

    private void RejectWaiting()
    {
        while (_waiting.TryDequeue(out var job))
            AnswerUnexecuted(job, ResponseStatus.Rejected, RejectReason.Draining);
    }

    private void AnswerUnexecuted(Job job, ResponseStatus status, RejectReason reason = RejectReason.None)
    {
        Answer(job, status, reason, begin: true);
        _jobs.Return(job);
    }

    /// <summary>Answers a job, once; the body is what was begun last in its gateway's buffer, or nothing.</summary>
    private void Answer(Job job, ResponseStatus status, RejectReason reason = RejectReason.None, int serviceTimeUs = 0, bool begin = false)
    {
        if (begin)
            job.Gateway.Responses.Bodies.BeginResult();

        Changes++;
        job.IsClosed = true;
        job.Gateway.Pending--;
        _unanswered--;
        Tally.Answered(status);
        job.Gateway.Responses.Add(job.Ticket, status, reason, serviceTimeUs);
    }
}
