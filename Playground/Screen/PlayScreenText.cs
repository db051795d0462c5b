namespace Shortline.Playground.Screen;

/// <summary>The lines of text around the tables, as markup, and the room that they leave.</summary>
internal sealed class PlayScreenText
{
    /// <summary>The number of lines from which there are blank lines, and events beside the message about the last key.</summary>
    private const int Roomy = 32;

    private const int RoomyEvents = 3;
    private const int KeyLines = 3;

    /// <summary>The headers of the servers, of the clients and of what is at the bottom.</summary>
    private const int Headers = 3;

    private readonly ScreenSize _size;

    /// <param name="view">The view.</param>
    /// <param name="size">The size of the terminal.</param>
    /// <param name="mostLines">The most lines for one kind of figures. Figures that do not fit are left out.</param>
    public PlayScreenText(PlayView view, ScreenSize size, int mostLines)
    {
        _size = size;
        var roomy = size.Lines >= Roomy;
        Gap = roomy ? [""] : [];
        Head = [.. Lines("Shortline", StatusLines.Title(view)).Take(mostLines), .. Gap];
        Status =
        [
            .. Lines("load", StatusLines.Load(view)).Take(mostLines),
            .. Lines("answers", StatusLines.Answers(view.Load)).Take(mostLines),
            .. Lines("fleet", StatusLines.Fleet(view)).Take(mostLines),
            .. roomy ? EventLines(view, RoomyEvents) : [],
            .. Gap,
        ];
        Foot =
        [
            .. Gap,
            .. view.Prompt is null && view.Message.Length == 0 && !roomy
                ? EventLines(view, 1)
                : Lines(view.Prompt is null ? "" : "request", [StatusLines.Message(view, size.Columns)]).Take(1),
            .. view.Prompt is null ? Lines("keys", StatusLines.Keys(size.Unicode)).Take(KeyLines) : Lines("", [new(view.Message)]),
        ];
    }

    public IReadOnlyList<string> Head { get; }

    /// <summary>Load, answers, fleet, events.</summary>
    public IReadOnlyList<string> Status { get; }

    /// <summary>The message about the last key, or the prompt; the keys.</summary>
    public IReadOnlyList<string> Foot { get; }

    /// <summary>The lines between two parts.</summary>
    public IReadOnlyList<string> Gap { get; }

    /// <summary>Lines that are left for servers, clients and conversation.</summary>
    public int Room => _size.Lines - Head.Count - Status.Count - Foot.Count - Headers - (2 * Gap.Count);

    private IEnumerable<string> Lines(string label, IEnumerable<Phrase> phrases) => PhraseLines.Of(label, phrases, _size.Columns);

    /// <summary>The last events. The number of lines is constant, so that the lines below do not jump.</summary>
    private IEnumerable<string> EventLines(PlayView view, int count)
    {
        var latest = view.Events.Skip(Math.Max(0, view.Events.Count - count)).ToList();
        for (var i = 0; i < count; i++)
        {
            var text = i < latest.Count ? $"{Figures.Clock(view.Since(latest[i].At)),6}  {latest[i].Text}" : "";
            yield return Lines(i == 0 ? "events" : "", [new(text)]).First();
        }
    }
}
