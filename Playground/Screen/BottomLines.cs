using Shortline.Playground.Clients;

namespace Shortline.Playground.Screen;

/// <summary>The chart of servers over time and, to its right, the conversation.</summary>
internal static class BottomLines
{
    private const int Gap = 2;
    private const int NarrowestChart = 24;
    private const int WidestChart = 50;

    /// <summary>If the conversation would be narrower, the chart is left out. Its figures are also above and in the summary.</summary>
    private const int NarrowestConversation = 44;

    /// <summary>The header and the lines, as markup.</summary>
    public static IEnumerable<string> Of(PlayView view, int lines, ScreenSize size)
    {
        var chartWidth = Math.Clamp(size.Columns * 3 / 10, NarrowestChart, WidestChart);
        if (size.Columns - chartWidth - Gap < NarrowestConversation)
            chartWidth = 0;
        var textWidth = chartWidth == 0 ? size.Columns : size.Columns - chartWidth - Gap;
        var left = chartWidth == 0 ? [] : FleetChart.Of(view.Sizes, view.Elapsed, chartWidth, lines, size.Unicode);
        var messages = view.Conversation.Skip(Math.Max(0, view.Conversation.Count - lines)).ToList();

        yield return Join("servers over time", "grey", chartWidth, new Phrase(Header(view, textWidth), "grey"));
        for (var i = 0; i < lines; i++)
        {
            var line = i < messages.Count ? new Phrase(TextWidth.Cut(messages[i].Describe(size.Unicode), textWidth), StyleOf(messages[i].Kind)) : new Phrase(" ");
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
