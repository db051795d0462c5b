using System.Text;
using Spectre.Console;

namespace Shortline.Playground.Screen;

/// <summary>Measures and cuts text in columns. Characters of some scripts take two.</summary>
internal static class TextWidth
{
    public static int Of(string text) => Ascii.IsValid(text) ? text.Length : text.GetCellWidth();

    /// <summary>The text cut to a width, with an ellipsis if it was cut.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        var cut = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += Of(rune.ToString());
            if (used > width - 1)
                break;
            cut.Append(rune);
        }

        return cut.Append('…').ToString();
    }
}
