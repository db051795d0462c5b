namespace Shortline.System.Tests.Processes;

/// <summary>What a process uses at one moment, as Linux counts it.</summary>
/// <param name="Megabytes">Its resident memory.</param>
/// <param name="Handles">Its open files, sockets among them.</param>
/// <param name="Threads">Its threads.</param>
internal readonly record struct ProcessSize(int Megabytes, int Handles, int Threads)
{
    /// <summary>Reads the figures of a process.</summary>
    internal static ProcessSize Of(int processId)
    {
        var status = File.ReadLines($"/proc/{processId}/status").Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        var kilobytes = int.Parse(status["VmRSS"].Split(' ')[0]);
        return new ProcessSize(kilobytes / 1024, Directory.GetFiles($"/proc/{processId}/fd").Length, int.Parse(status["Threads"]));
    }

    /// <summary>Whether another, later size is no larger, but for what comes and goes with the load of a moment.</summary>
    internal bool Holds(ProcessSize later) =>
        later.Megabytes <= (1.2 * Megabytes) + 20 && later.Handles <= (1.2 * Handles) + 20 && later.Threads <= (1.2 * Threads) + 10;

    public override string ToString() => $"{Megabytes} MB, {Handles} handles, {Threads} threads";
}
