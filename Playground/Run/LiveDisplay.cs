using Spectre.Console;

namespace Shortline.Playground;

/// <summary>The screen of a terminal, with keys. Uses the terminal's second screen, so that what was there before comes back.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, TimeProvider time) : IDisplay
{
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(80);

    /// <inheritdoc/>
    public async Task Show(PlaySession session, CancellationToken stop)
    {
        using var end = stop.Register(session.End);
        using var screen = new SecondScreen();
        session.Tick();
        var size = Size();
        await console.Live(PlayScreen.Render(session.View, size)).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            while (session.Stage != PlayStage.Ended)
            {
                while (Console.KeyAvailable)
                    session.Do(KeyMap.ActionOf(Console.ReadKey(intercept: true)));
                session.Tick();
                if (Size() != size)
                {
                    size = Size();
                    console.Clear(home: true);
                }

                live.UpdateTarget(PlayScreen.Render(session.View, size));
                await Task.Delay(FrameInterval, time, CancellationToken.None);
            }
        });
    }

    private ScreenSize Size() => new(console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode);
}
