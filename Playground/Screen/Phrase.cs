namespace Shortline.Playground.Screen;

/// <summary>A piece of text that stays on one line.</summary>
/// <param name="Text">The plain text.</param>
/// <param name="Style">The style in Spectre's markup. It never carries information that the text does not have.</param>
internal readonly record struct Phrase(string Text, string Style = "")
{
    public int Width => TextWidth.Of(Text);

    public string Markup => Style.Length == 0 ? Spectre.Console.Markup.Escape(Text) : $"[{Style}]{Spectre.Console.Markup.Escape(Text)}[/]";
}

/// <summary>Arranges phrases in lines behind a label.</summary>
internal static class PhraseLines
{
    private const int LabelWidth = 11;
    private const string Gap = "  ";

    /// <summary>The lines as markup. A phrase that is longer than a line is cut.</summary>
    public static IEnumerable<string> Of(string label, IEnumerable<Phrase> phrases, int width)
    {
        var line = $"[grey]{label.PadRight(LabelWidth)}[/]";
        var used = LabelWidth;
        var first = true;
        foreach (var phrase in phrases.Where(phrase => phrase.Text.Length > 0))
        {
            var gap = first ? "" : Gap;
            if (!first && used + gap.Length + phrase.Width > width)
            {
                yield return line;
                (line, used, gap) = (new string(' ', LabelWidth), LabelWidth, "");
            }

            var cut = phrase with { Text = TextWidth.Cut(phrase.Text, width - used - gap.Length) };
            line += gap + cut.Markup;
            used += gap.Length + cut.Width;
            first = false;
        }

        yield return line;
    }
}
