namespace Shortline.Bench.Udp;

/// <summary>A program that answers echo requests over UDP, in a process of its own.</summary>
/// <param name="Name">The name in the table and in <c>--only</c>.</param>
/// <param name="Description">The description in one line.</param>
/// <param name="StartAsync">
/// Starts the target and completes when it answers requests. Throws <see cref="TargetFailedException"/> with the reason if it cannot.
/// </param>
internal sealed record Target(string Name, string Description, Func<CancellationToken, Task<RunningTarget>> StartAsync);

/// <summary>A running target on loopback.</summary>
/// <param name="Name">The name of the target.</param>
/// <param name="Processes">All processes of the target; their processor time is added.</param>
/// <param name="Port">The port that it listens on.</param>
/// <param name="Folder">A folder that is deleted with the target; null for none.</param>
internal sealed record RunningTarget(string Name, IReadOnlyList<ChildProcess> Processes, int Port, TemporaryFolder? Folder = null) : IDisposable
{
    public void Dispose()
    {
        foreach (var process in Processes)
            process.Dispose();
        Folder?.Dispose();
    }
}
