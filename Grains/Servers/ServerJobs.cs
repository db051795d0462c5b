using Shortline.Balancing;
using Shortline.GrainInterfaces.Requests;
using Shortline.Grains.Handlers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>The jobs of a server: a bounded queue of waiting jobs, and the workers that run the others.</summary>
internal sealed class ServerJobs
{
    /// <summary>Inline jobs taken from the queue in one turn at most, so that other calls of the grain are not kept waiting.</summary>
    private const int InlineJobsPerTurn = 1024;

    private readonly TimeProvider _time;
    private readonly FinishedJobs _finished;
    private readonly ServerAnswers _answers;
    private readonly ServerTally _tally;
    private readonly JobPool _pool;
    private readonly DeadlineQueue<Job> _waiting;
    private readonly Workers _workers;

    /// <summary>Filled and emptied within one method; a field, so that it is allocated once.</summary>
    private readonly List<Job> _found = [];

    public ServerJobs(string serverId, ServerSettings settings, TimeProvider time, FinishedJobs finished, ServerAnswers answers, ServerTally tally)
    {
        (_time, _finished, _answers, _tally) = (time, finished, answers, tally);
        _pool = new JobPool(finished, time, serverId);
        _waiting = new DeadlineQueue<Job>(settings.QueueLimit);
        _workers = new Workers(settings.Concurrency, time.TimestampUnits(settings.HungAfterMs));
    }

    /// <summary>Jobs that wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Jobs that a worker has.</summary>
    public int InService => _workers.Busy;

    /// <summary>The number of workers.</summary>
    public int Workers => _workers.Count;

    /// <summary>Workers whose handler still runs long after the deadline of its job.</summary>
    public int HungWorkers => _workers.Hung;

    /// <summary>Whether no worker is left that does not hang.</summary>
    public bool AllWorkersHang => _workers.AllHung;

    /// <summary>Whether a new request would begin at once.</summary>
    public bool CanBeginNow => _workers.IsOneFree && _waiting.Count == 0;

    /// <summary>Whether the queue has reached its limit.</summary>
    public bool IsQueueFull => _waiting.Count == _waiting.Limit;

    /// <summary>The timestamp before which no deadline passes.</summary>
    public long NextDeadline => Math.Min(_waiting.EarliestDeadline, _workers.EarliestDeadline);

    /// <summary>Makes a job of a request, and gives it to a worker or puts it into the queue, which must have room.</summary>
    public void Add(GatewayOutbox gateway, Operation operation, in RequestBatch batch, in ClientRequest request, long deadline, long now)
    {
        var beginsNow = CanBeginNow;
        var job = _pool.Take();
        job.Fill(gateway, operation, batch, request, deadline);
        _answers.Expect(gateway);
        if (beginsNow)
            _workers.Begin(job, now);
        else
            _waiting.TryEnqueue(job, deadline);
    }

    /// <summary>Gives waiting jobs to free workers.</summary>
    public void Dispatch()
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
            var status = InlineWork.Run(job.Operation, job.Request, job.Gateway.Responses, out var keepsRequest);
            _answers.Answer(job, status, serviceTimeUs: _tally.Served(job.Operation, _time.Lap(ref now)));
            if (!keepsRequest)
                _pool.Return(job);
            if (++inline == InlineJobsPerTurn)
            {
                _finished.RequestTurn();
                break;
            }
        }
    }

    /// <summary>Answers the jobs whose handlers have returned, and frees their workers.</summary>
    public void Collect()
    {
        while (_finished.TryTake(out var job))
        {
            _tally.Changed();
            _workers.End(job);
            var serviceTimeUs = _tally.Served(job.Operation, job.ServiceTime);
            if (!job.IsClosed)
            {
                var bodies = job.Gateway.Responses.Bodies;
                bodies.BeginResult();
                bodies.Put(job.Result.Current);
                var reason = job.Status == ResponseStatus.Rejected ? RejectReason.QueueFull : RejectReason.None;
                _answers.Answer(job, job.Status, reason, serviceTimeUs);
            }

            _pool.Return(job);
        }
    }

    /// <summary>Answers every job whose deadline has passed, and finds the workers that hang.</summary>
    public void Expire(long now)
    {
        _found.Clear();
        _waiting.RemoveExpired(now, _found);
        foreach (var job in _found)
            AnswerUnexecuted(job, ResponseStatus.Expired);

        _found.Clear();
        _workers.Check(now, _found);
        foreach (var job in _found)
        {
            // A service time above 0 tells the gateway that the handler had the request, which may therefore have run.
            var serviceTimeUs = Math.Max(1, (int)_time.GetElapsedTime(job.TakenAt, now).TotalMicroseconds);
            _answers.AnswerEmpty(job, ResponseStatus.Expired, serviceTimeUs: serviceTimeUs);
            job.Cancel();
        }
    }

    /// <summary>Rejects every waiting job.</summary>
    public void RejectWaiting()
    {
        while (_waiting.TryDequeue(out var job))
            AnswerUnexecuted(job, ResponseStatus.Rejected, RejectReason.Draining);
    }

    /// <summary>Rejects the jobs that came last, until <paramref name="keep"/> wait.</summary>
    public void RejectLast(int keep)
    {
        while (_waiting.Count > Math.Max(0, keep) && _waiting.TryTakeLast(out var job))
            AnswerUnexecuted(job, ResponseStatus.Rejected, RejectReason.Shared);
    }

    /// <summary>Cancels the jobs in service; none of them is answered.</summary>
    public void LoseInService()
    {
        _found.Clear();
        _workers.FindOpen(_found);
        foreach (var job in _found)
        {
            _answers.GiveUp(job);
            job.Cancel();
        }
    }

    /// <summary>Changes the number of workers.</summary>
    public void Resize(int workers) => _workers.Resize(workers);

    /// <summary>Ends everything without an answer. Jobs whose handlers return later are dropped.</summary>
    public void Abandon()
    {
        _finished.Close();
        _workers.Abandon();
        while (_waiting.TryDequeue(out var job))
            _pool.Return(job);
    }

    private void AnswerUnexecuted(Job job, ResponseStatus status, RejectReason reason = RejectReason.None)
    {
        _answers.AnswerEmpty(job, status, reason);
        _pool.Return(job);
    }
}
