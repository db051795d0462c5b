using System.Diagnostics.CodeAnalysis;
using Shortline.Balancing;
using Shortline.Balancing.Overload;
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
    private readonly PriorityDeadlineQueue<Job> _waiting;
    private readonly Workers _workers;

    /// <summary>Refuses what cannot be finished in time; null if everything waits.</summary>
    private readonly OverloadGuard? _guard;

    /// <summary>Filled and emptied within one method; a field, so that it is allocated once.</summary>
    private readonly List<Job> _found = [];

    /// <summary>How long the waiting jobs of each priority are expected to take, in timestamp units.</summary>
    private readonly double[] _waitingWork = new double[PriorityDeadlineQueue<Job>.Priorities];

    public ServerJobs(string serverId, ServerSettings settings, TimeProvider time, FinishedJobs finished, ServerAnswers answers, ServerTally tally)
    {
        (_time, _finished, _answers, _tally) = (time, finished, answers, tally);
        _pool = new JobPool(finished, time, serverId);
        _waiting = new PriorityDeadlineQueue<Job>(settings.QueueLimit);
        _workers = new Workers(settings.Concurrency, time.TimestampUnits(settings.HungAfterMs));
        if (settings.Overload == ServerSettings.Refuse)
            _guard = new OverloadGuard(time.TimestampUnits(settings.QueueTargetMs), time.TimestampUnits(settings.QueueIntervalMs));
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
        (job.ArrivedAt, job.ExpectedTime) = (now, operation.ServiceTime.Mean);
        _answers.Expect(gateway);
        if (beginsNow)
        {
            Begin(job, now);
            return;
        }

        _waiting.TryEnqueue(job, deadline, job.Priority);
        _waitingWork[job.Priority] += job.ExpectedTime;
    }

    /// <summary>Refuses a waiting request of a lower priority, so that the queue has room.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryMakeRoom(int priority)
    {
        if (_waiting.Lowest >= priority || !_waiting.TryTakeLast(out var job))
            return false;
        Left(job);
        Refuse(job, RejectReason.QueueFull);
        return true;
    }

    /// <summary>Whether a request that would have to wait can be finished in time.</summary>
    public bool CanFinish(Operation operation, int priority, long deadline, long now) =>
        _guard is null || _guard.Accepts(ExpectedWait(priority), operation.ServiceTime, deadline - now, priority);

    /// <summary>Gives waiting jobs to free workers.</summary>
    public void Dispatch()
    {
        var now = _time.GetTimestamp();
        for (var inline = 0; _workers.IsOneFree && TryTakeNext(out var job);)
        {
            if (now >= job.Deadline)
            {
                AnswerUnexecuted(job, ResponseStatus.Expired);
                continue;
            }

            // The last job is tried in any case. Otherwise a single slow one would keep out all others like it for ever.
            if (_guard is not null && (_workers.Busy > 0 || _waiting.Count > 0) && !_guard.CanFinish(job.Operation.ServiceTime, job.Deadline - now))
            {
                Refuse(job, RejectReason.Overloaded);
                continue;
            }

            if (!job.Operation.RunsInline)
            {
                Begin(job, now);
                continue;
            }

            _guard?.OnBegin(now - job.ArrivedAt, job.Operation.ServiceTime, now);
            job.Gateway.Responses.Bodies.BeginResult();
            var status = InlineWork.Run(job.Operation, job.Request, job.Gateway.Responses, out var keepsRequest);
            _answers.Answer(job, status, serviceTimeUs: _tally.ServedInline(job.Operation, _time.Lap(ref now)));
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
        {
            Left(job);
            AnswerUnexecuted(job, ResponseStatus.Expired);
        }

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
        {
            Left(job);
            AnswerUnexecuted(job, ResponseStatus.Rejected, RejectReason.Draining);
        }
    }

    /// <summary>Rejects the jobs that came last, until <paramref name="keep"/> wait.</summary>
    public void RejectLast(int keep)
    {
        while (_waiting.Count > Math.Max(0, keep) && _waiting.TryTakeLast(out var job))
        {
            Left(job);
            AnswerUnexecuted(job, ResponseStatus.Rejected, RejectReason.Shared);
        }
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

    /// <summary>How long a request of a priority would wait, in timestamp units. What is in service is half done on average.</summary>
    private double ExpectedWait(int priority)
    {
        var work = _workers.Work / 2;
        for (var i = priority; i < _waitingWork.Length; i++)
            work += _waitingWork[i];
        return work / Math.Max(1, _workers.Count);
    }

    /// <summary>Takes the job that is to begin next: of the highest priority the oldest, or the newest if the server is overloaded.</summary>
    private bool TryTakeNext([NotNullWhen(true)] out Job? job)
    {
        var prefersNewest = _waiting.Count > 0 && _guard?.PrefersNewest(ExpectedWait(_waiting.Highest), _waiting.Highest) == true;
        var isTaken = prefersNewest ? _waiting.TryTakeNewest(out job) : _waiting.TryDequeue(out job);
        if (job is not null)
            Left(job);
        return isTaken;
    }

    private void Begin(Job job, long now)
    {
        _guard?.OnBegin(now - job.ArrivedAt, job.Operation.ServiceTime, now);
        _workers.Begin(job, now);
    }

    /// <summary>Notes that a job waits no more.</summary>
    private void Left(Job job)
    {
        if (_waiting.Count == 0)
            Array.Clear(_waitingWork);
        else
            _waitingWork[job.Priority] -= job.ExpectedTime;
    }

    private void Refuse(Job job, RejectReason reason)
    {
        _tally.Refuse(job.IsRetried);
        AnswerUnexecuted(job, ResponseStatus.Rejected, reason);
    }

    private void AnswerUnexecuted(Job job, ResponseStatus status, RejectReason reason = RejectReason.None)
    {
        _answers.AnswerEmpty(job, status, reason);
        _pool.Return(job);
    }
}
