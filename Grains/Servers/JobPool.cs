namespace Shortline.Grains.Servers;

/// <summary>Keeps a server's jobs for reuse.</summary>
internal sealed class JobPool(FinishedJobs finished, TimeProvider time, string serverId)
{
    /// <summary>Jobs kept, of about 6 kB each at most.</summary>
    private const int Kept = 256;

    private readonly Stack<Job> _free = new();

    /// <summary>Returns an empty job.</summary>
    public Job Take() => _free.TryPop(out var job) ? job : new Job(finished, time, serverId);

    /// <summary>Takes back a job that no handler has.</summary>
    public void Return(Job job)
    {
        if (job.TryReset() && _free.Count < Kept)
            _free.Push(job);
    }
}
