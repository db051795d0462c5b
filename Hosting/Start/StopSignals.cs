using System.Runtime.InteropServices;

namespace Shortline.Hosting.Start;

/// <summary>
/// Ctrl-C, SIGTERM, SIGQUIT and SIGHUP for programs without a host, such as the client tool: the first signal cancels a token, the second
/// one ends the process at once. System.CommandLine's own handler would ignore the second signal and end with exit code 130 after a timeout.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;

    private StopSignals() => _signals =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, Handle)),
    ];

    /// <summary>Runs a program with a token that the first signal cancels.</summary>
    /// <returns>The program's exit code; 0 if it ended because the token was cancelled.</returns>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        using var signals = new StopSignals();
        try
        {
            return await program(signals._stop.Token);
        }
        catch (OperationCanceledException) when (signals._stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested)
            return;
        context.Cancel = true;

        // The callbacks of the token are the program's code and may take long, and the next signal needs this thread.
        _ = _stop.CancelAsync();
    }
}
