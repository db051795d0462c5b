namespace Shortline.Grains.Servers;

/// <summary>The workers of a server: those of its jobs whose handlers have not returned.</summary>
/// <param name="concurrency">The number of workers at first.</param>
/// <param name="hungAfter">Timestamp units that a handler may run past its job's deadline before its worker counts as hung.</param>
internal sealed class Workers(int concurrency, long hungAfter)
{
    private Job[] _busy = new Job[concurrency];

    /// <summary>The number of workers.</summary>
    public int Count { get; private set; } = concurrency;

    /// <summary>Workers that have a job.</summary>
    public int Busy { get; private set; }

    /// <summary>Busy workers that hang.</summary>
    public int Hung { get; private set; }

    /// <summary>How long the jobs of the busy workers were expected to take, all together, in timestamp units.</summary>
    public double Work { get; private set; }

    /// <summary>Whether a worker is free.</summary>
    public bool IsOneFree => Busy < Count;

    /// <summary>Whether every worker hangs.</summary>
    public bool AllHung => Hung >= Count;

    /// <summary>The timestamp before which <see cref="Check"/> finds nothing.</summary>
    public long EarliestDeadline { get; private set; } = long.MaxValue;

    /// <summary>Changes the number of workers. Surplus workers end with their jobs.</summary>
    public void Resize(int count)
    {
        Count = count;
        if (count > _busy.Length)
            Array.Resize(ref _busy, count);
    }

    /// <summary>Gives a job to a free worker.</summary>
    public void Begin(Job job, long now)
    {
        job.TakenAt = now;
        job.Slot = Busy;
        _busy[Busy++] = job;
        Work += job.ExpectedTime;
        EarliestDeadline = Math.Min(EarliestDeadline, job.Deadline);
        ThreadPool.UnsafeQueueUserWorkItem(job, preferLocal: false);
    }

    /// <summary>Frees the worker of a job whose handler has returned.</summary>
    public void End(Job job)
    {
        var last = _busy[--Busy];
        _busy[job.Slot] = last;
        last.Slot = job.Slot;
        _busy[Busy] = null!;
        Work = Busy == 0 ? 0 : Work - job.ExpectedTime;
        if (job.IsHung)
            Hung--;
    }

    /// <summary>Adds each job whose deadline has passed to <paramref name="expired"/>, once, and counts the workers that hang.</summary>
    public void Check(long now, List<Job> expired)
    {
        if (EarliestDeadline > now)
            return;

        EarliestDeadline = long.MaxValue;
        foreach (var job in _busy.AsSpan(0, Busy))
        {
            if (now >= job.Deadline + hungAfter)
            {
                Hung += job.IsHung ? 0 : 1;
                job.IsHung = true;
            }

            if (now >= job.Deadline && !job.IsClosed)
                expired.Add(job);

            if (!job.IsHung)
                EarliestDeadline = Math.Min(EarliestDeadline, now >= job.Deadline ? job.Deadline + hungAfter : job.Deadline);
        }
    }

    /// <summary>Adds the jobs without an answer to <paramref name="open"/>.</summary>
    public void FindOpen(List<Job> open)
    {
        foreach (var job in _busy.AsSpan(0, Busy))
        {
            if (!job.IsClosed)
                open.Add(job);
        }
    }

    /// <summary>Cancels every job; none of them is answered.</summary>
    public void Abandon()
    {
        foreach (var job in _busy.AsSpan(0, Busy))
        {
            job.IsClosed = true;
            job.Cancel();
        }
    }
}
