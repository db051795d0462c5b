using Spectre.Console;
using Spectre.Console.Rendering;

namespace Shortline.Playground;

/// <summary>The whole screen: title, servers, figures, events, keys. As high as the terminal at most.</summary>
internal static class PlayScreen
{
    private const int MostEvents = 6;
    private const int LeastEvents = 2;

    // Text without a letter has no line either.
    private const string Blank = " ";

    public static IRenderable Render(PlayView view, ScreenSize size)
    {
        ArgumentNullException.ThrowIfNull(view);
        List<string> head = [.. PhraseLines.Of("Shortline", StatusLines.Title(view), size.Columns), ""];
        List<string> figures =
        [
            "",
            .. PhraseLines.Of("load", StatusLines.Load(view), size.Columns),
            .. PhraseLines.Of("answers", StatusLines.Answers(view.Load), size.Columns),
            .. PhraseLines.Of("fleet", StatusLines.Fleet(view), size.Columns),
        ];
        List<string> foot =
        [
            .. PhraseLines.Of("", [new(view.Message, "bold")], size.Columns),
            .. PhraseLines.Of("keys", StatusLines.Keys(size.Unicode), size.Columns),
        ];

        // One line for the table's header, one for what it does not show.
        var room = size.Lines - head.Count - figures.Count - foot.Count - 2;
        var rows = Math.Min(view.Servers.Count, Math.Max(1, room - LeastEvents));
        var events = Math.Clamp(room - rows, 0, MostEvents);
        var hidden = view.Servers.Count - rows;
        return new Rows(
        [
            .. ToRenderables(head),
            ServerTable.Of(view.Servers, view.Chosen, rows, size),
            new Text(hidden > 0 ? $"  and {Figures.Count(hidden, "server")} more" : Blank),
            .. ToRenderables(figures.Skip(1)),
            .. ToRenderables(EventLines(view, events, size.Columns)),
            .. ToRenderables(foot),
        ]);
    }

    /// <summary>Always as many lines, so that what is below does not jump.</summary>
    private static IEnumerable<string> EventLines(PlayView view, int count, int width)
    {
        var latest = view.Events.Skip(Math.Max(0, view.Events.Count - count)).ToList();
        for (var i = 0; i < count; i++)
        {
            var text = i < latest.Count ? $"{Figures.Clock(view.Since(latest[i])),6}  {latest[i].Text}" : "";
            yield return PhraseLines.Of(i == 0 ? "events" : "", [new(text)], width).First();
        }
    }

    private static IEnumerable<IRenderable> ToRenderables(IEnumerable<string> lines) => lines.Select(line => new Markup(line.Length == 0 ? Blank : line));
}
