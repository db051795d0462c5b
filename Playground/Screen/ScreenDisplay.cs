using Shortline.Playground.Run;
using Spectre.Console;

namespace Shortline.Playground.Screen;

/// <summary>
/// Shows a run on a terminal and takes keys. It uses the alternate screen, so that the previous content comes back at the end.
/// </summary>
internal sealed class ScreenDisplay(IAnsiConsole console, TimeProvider time) : IDisplay
{
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(80);

    private ScreenSize Size => new(console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode);

    /// <inheritdoc/>
    public async Task Show(PlaySession session, CancellationToken stop)
    {
        using var end = stop.Register(session.End);
        using var screen = new SecondScreen();
        session.Tick();
        while (session.Stage != PlayStage.Ended)
        {
            // A live display never becomes narrower, so a new one is created when the size of the terminal changes.
            var size = Size;
            console.Clear(home: true);
            await console.Live(PlayScreen.Render(session.View, size))
                .Overflow(VerticalOverflow.Crop)
                .StartAsync(live => Draw(session, live, size));
        }
    }

    /// <summary>Draws until the run has ended or the size of the terminal changes.</summary>
    private async Task Draw(PlaySession session, LiveDisplayContext live, ScreenSize size)
    {
        while (session.Stage != PlayStage.Ended && Size == size)
        {
            while (Console.KeyAvailable)
                session.Press(Console.ReadKey(intercept: true));
            session.Tick();
            live.UpdateTarget(PlayScreen.Render(session.View, size));
            await Task.Delay(FrameInterval, time, CancellationToken.None);
        }
    }
}
