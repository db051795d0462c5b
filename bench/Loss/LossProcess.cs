namespace Shortline.Bench.Loss;

/// <summary>A silo or gateway of a <see cref="LossFleet"/>.</summary>
internal sealed class LossProcess(string name, ChildProcess process) : IDisposable
{
    internal string Name => name;

    internal ChildProcess Process => process;

    /// <summary>Sends a signal, such as <c>TERM</c>.</summary>
    internal async Task SignalAsync(string signal)
    {
        using var kill = global::System.Diagnostics.Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
            throw new TargetFailedException($"{name} has ended. {process.LastLines}");
    }

    public void Dispose() => process.Dispose();
}
