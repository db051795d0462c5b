using Spectre.Console;
using Spectre.Console.Rendering;

namespace Shortline.Playground.Screen;

/// <summary>
/// The whole screen: title, servers, clients, figures, servers over time, conversation, keys. It is at most as high as the terminal.
/// </summary>
internal static class PlayScreen
{
    // An empty text would take no line.
    private const string Blank = " ";

    public static IRenderable Render(PlayView view, ScreenSize size)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (size.IsTooSmall)
            return new Text($"Too small: {size.Width} x {size.Height}. It needs {ScreenSize.Narrowest} x {ScreenSize.Lowest}. q ends it.");
        var whole = new PlayScreenText(view, size, mostLines: int.MaxValue);
        var text = whole.Room >= ScreenLayout.Least ? whole : new PlayScreenText(view, size, mostLines: 1);
        var layout = ScreenLayout.Of(text.Room, view.Servers.Count, view.Clients);
        return new Rows(
        [
            .. ToRenderables(text.Head),
            .. WithRest(most => ServerTable.Of(view, most, size), view.Servers.Count, layout.Servers, "server"),
            .. ToRenderables(text.Gap),
            .. WithRest(most => ClientTable.Of(view, most, size), view.Clients, layout.Clients, "client"),
            .. ToRenderables(text.Gap),
            .. ToRenderables(text.Status),
            .. ToRenderables(BottomLines.Of(view, layout.Conversation, size)),
            .. ToRenderables(text.Foot),
        ]);
    }

    /// <summary>A table of a given number of lines. If not all rows fit, the last line counts the hidden ones.</summary>
    private static IEnumerable<IRenderable> WithRest(Func<int, IRenderable> table, int count, int lines, string one)
    {
        var shown = count > lines ? lines - 1 : lines;
        yield return table(shown);
        if (count > shown)
            yield return new Text($"  and {Figures.Count(count - shown, one)} more");
        for (var i = count; i < lines; i++)
            yield return new Text(Blank);
    }

    private static IEnumerable<IRenderable> ToRenderables(IEnumerable<string> lines) => lines.Select(line => new Markup(line.Length == 0 ? Blank : line));
}
