namespace Shortline.Bench.Udp;

/// <summary>Something that answers echo requests over UDP, run as a process of its own.</summary>
/// <param name="Name">Its name in the table and in <c>--only</c>.</param>
/// <param name="Description">What it is, in a line.</param>
/// <param name="StartAsync">Starts it; done when it answers. Throws <see cref="TargetFailedException"/> with the reason if it cannot.</param>
internal sealed record Target(string Name, string Description, Func<CancellationToken, Task<RunningTarget>> StartAsync);

/// <summary>A target that answers at a port of loopback.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Processes">All of its processes: their processor time counts.</param>
/// <param name="Port">Where it answers.</param>
/// <param name="Folder">What goes with it.</param>
internal sealed record RunningTarget(string Name, IReadOnlyList<ChildProcess> Processes, int Port, TemporaryFolder? Folder = null) : IDisposable
{
    public void Dispose()
    {
        foreach (var process in Processes)
            process.Dispose();
        Folder?.Dispose();
    }
}
