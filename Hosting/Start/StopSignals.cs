using System.Runtime.InteropServices;

namespace Shortline.Hosting;

/// <summary>Asks a program to end when Ctrl-C or SIGTERM comes; the second time the process ends at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _asked;

    public StopSignals(CancellationTokenSource stop)
    {
        _stop = stop;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    private void Ask(PosixSignalContext context)
    {
        if (Interlocked.Exchange(ref _asked, 1) != 0)
            return;
        context.Cancel = true;

        // The callbacks of the token are the program's own code; they may take long, and the next signal needs this thread.
        _ = _stop.CancelAsync();
    }
}
