namespace Shortline.Grains;

/// <summary>Jobs to be used again.</summary>
internal sealed class JobPool(FinishedJobs finished, TimeProvider time, string serverId)
{
    /// <summary>Jobs kept, at some 6 kB each at most.</summary>
    private const int Kept = 256;

    private readonly Stack<Job> _free = new();

    /// <summary>A job to be filled.</summary>
    public Job Take() => _free.TryPop(out var job) ? job : new Job(finished, time, serverId);

    /// <summary>Takes back a job that no handler has.</summary>
    public void Return(Job job)
    {
        if (job.TryReset() && _free.Count < Kept)
            _free.Push(job);
    }
}
