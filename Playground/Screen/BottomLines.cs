namespace Shortline.Playground;

/// <summary>Servers over time and, right of it, the conversation.</summary>
internal static class BottomLines
{
    private const int Gap = 2;
    private const int NarrowestChart = 24;
    private const int WidestChart = 50;

    /// <summary>Where less than this is left for the conversation, the chart is left out: its figures are above and in the summary.</summary>
    private const int NarrowestConversation = 44;

    /// <summary>The header and the lines, as markup.</summary>
    public static IEnumerable<string> Of(PlayView view, int lines, ScreenSize size)
    {
        var chartWidth = Math.Clamp(size.Columns * 3 / 10, NarrowestChart, WidestChart);
        if (size.Columns - chartWidth - Gap < NarrowestConversation)
            chartWidth = 0;
        var talkWidth = chartWidth == 0 ? size.Columns : size.Columns - chartWidth - Gap;
        var left = chartWidth == 0 ? [] : FleetChart.Of(view.Sizes, view.Elapsed, chartWidth, lines, size.Unicode);
        var talk = view.Conversation.Skip(Math.Max(0, view.Conversation.Count - lines)).ToList();

        yield return Join("servers over time", "grey", chartWidth, new Phrase(Header(view, talkWidth), "grey"));
        for (var i = 0; i < lines; i++)
        {
            var line = i < talk.Count ? new Phrase(TextWidth.Cut(talk[i].Describe(size.Unicode), talkWidth), StyleOf(talk[i].Kind)) : new Phrase(" ");
            yield return Join(i < left.Count ? left[i] : "", "aqua", chartWidth, line);
        }
    }

    private static string Header(PlayView view, int width) => TextWidth.Cut(
        $"conversation, {(view.OneOf == 1 ? "all requests" : $"1 of {view.OneOf} requests")} shown", width);

    private static string Join(string left, string style, int width, Phrase right) =>
        width == 0 ? right.Markup : new Phrase(TextWidth.Cut(left, width).PadRight(width + Gap), style).Markup + right.Markup;

    private static string StyleOf(ConversationKind kind) => kind switch
    {
        ConversationKind.Fleet => "bold",
        ConversationKind.Failure => "red",
        ConversationKind.Answer => "green",
        _ => "",
    };
}
