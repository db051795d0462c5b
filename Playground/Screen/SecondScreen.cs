using System.Runtime.InteropServices;

namespace Shortline.Playground.Screen;

/// <summary>
/// Switches the terminal to its alternate screen until disposed. A second Ctrl-C ends the process at once; the terminal is restored before
/// that as well.
/// </summary>
internal sealed class SecondScreen : IDisposable
{
    // xterm's control sequences: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
    private const string Enter = "\e[?1049h\e[H\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";

    private readonly PosixSignalRegistration _interrupt;
    private int _interrupts;

    public SecondScreen()
    {
        Console.Out.Write(Enter);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
        {
            if (Interlocked.Increment(ref _interrupts) > 1)
                Console.Out.Write(Leave);
        });
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        Console.Out.Write(Leave);
    }
}
