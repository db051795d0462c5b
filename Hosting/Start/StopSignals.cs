using System.Runtime.InteropServices;

namespace Shortline.Hosting.Start;

/// <summary>
/// Ctrl-C and SIGTERM for programs without a host, such as the client tool: the first signal cancels a token, the second one ends the
/// process at once. System.CommandLine's own handler would ignore the second signal and end with exit code 130 after a timeout.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    private StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

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
        _interrupt.Dispose();
        _terminate.Dispose();
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
