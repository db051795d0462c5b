namespace Shortline.Bench;

/// <summary>Something that answers echo requests over UDP, run as a process of its own.</summary>
/// <param name="Name">Its name in the table and in <c>--only</c>.</param>
/// <param name="Description">What it is, in a line.</param>
/// <param name="StartAsync">Starts it; done when it answers. Throws <see cref="TargetFailedException"/> with the reason if it cannot.</param>
internal sealed record Target(string Name, string Description, Func<CancellationToken, Task<RunningTarget>> StartAsync);

/// <summary>A target that answers at a port of loopback.</summary>
internal sealed record RunningTarget(string Name, ChildProcess Process, int Port, TemporaryFolder? Folder = null) : IDisposable
{
    public void Dispose()
    {
        Process.Dispose();
        Folder?.Dispose();
    }
}
