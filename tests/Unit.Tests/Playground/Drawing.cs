using Shortline.Playground.Screen;
using Spectre.Console;

namespace Shortline.Unit.Tests.Playground;

/// <summary>Draws a view as text, without colours.</summary>
internal static class Drawing
{
    public static IReadOnlyList<string> Of(PlayView view, int width = 80, int height = 24, bool unicode = true)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.Write(PlayScreen.Render(view, new ScreenSize(width, height, unicode)));
        return [.. writer.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
