namespace Shortline.Grains;

/// <summary>A server's workers: those of its jobs whose handlers have not returned.</summary>
/// <param name="concurrency">How many there are at first.</param>
/// <param name="hungAfter">Timestamp units that a handler may go on after its job's deadline before its worker counts as hung.</param>
internal sealed class Workers(int concurrency, long hungAfter)
{
    private Job[] _busy = new Job[concurrency];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; } = concurrency;

    /// <summary>How many have a job.</summary>
    public int Busy { get; private set; }

    /// <summary>How many of them hang.</summary>
    public int Hung { get; private set; }

    /// <summary>Whether there is one without a job.</summary>
    public bool IsOneFree => Busy < Count;

    /// <summary>Whether every one hangs.</summary>
    public bool AllHung => Hung >= Count;

    /// <summary>Nothing is to be done with any of them before this timestamp.</summary>
    public long EarliestDeadline { get; private set; } = long.MaxValue;

    /// <summary>Changes how many there are. Those that are too many go on until their jobs are done.</summary>
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
        EarliestDeadline = Math.Min(EarliestDeadline, job.Deadline);
        ThreadPool.UnsafeQueueUserWorkItem(job, preferLocal: false);
    }

    /// <summary>A job's handler has returned.</summary>
    public void End(Job job)
    {
        var last = _busy[--Busy];
        _busy[job.Slot] = last;
        last.Slot = job.Slot;
        _busy[Busy] = null!;
        if (job.IsHung)
            Hung--;
    }

    /// <summary>Adds the jobs whose deadline has come to <paramref name="expired"/>, once each, and counts the workers that hang.</summary>
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

    /// <summary>Adds the jobs that have no answer yet to <paramref name="open"/>.</summary>
    public void FindOpen(List<Job> open)
    {
        foreach (var job in _busy.AsSpan(0, Busy))
        {
            if (!job.IsClosed)
                open.Add(job);
        }
    }

    /// <summary>Cancels every job; none of them gets an answer any more.</summary>
    public void Abandon()
    {
        foreach (var job in _busy.AsSpan(0, Busy))
        {
            job.IsClosed = true;
            job.Cancel();
        }
    }
}
