using Spectre.Console;

namespace Shortline.Playground;

/// <summary>The screen of a terminal, with keys. Uses the terminal's second screen, so that what was there before comes back.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, TimeProvider time) : IDisplay
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
            // A live display never gets narrower than it was once: a terminal of another size gets another one.
            var size = Size;
            console.Clear(home: true);
            await console.Live(PlayScreen.Render(session.View, size))
                .Overflow(VerticalOverflow.Crop)
                .StartAsync(live => Draw(session, live, size));
        }
    }

    /// <summary>Draws until the run has ended or the terminal has another size.</summary>
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
