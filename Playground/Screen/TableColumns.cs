using Spectre.Console;

namespace Shortline.Playground.Screen;

/// <summary>Columns and marks of both tables.</summary>
internal static class TableColumns
{
    /// <summary>A column of fixed width.</summary>
    public static TableColumn Of(string header, int width, int gap, Justify justify = Justify.Left) =>
        new(new Text(TextWidth.Cut(header, width), new Style(Color.Grey)))
        {
            Width = width,
            NoWrap = true,
            Alignment = justify,
            Padding = new Padding(0, 0, gap, 0),
        };

    /// <summary>The name of a row, with a mark if the row is chosen; bold in the table that the arrow keys control.</summary>
    public static Text Mark(string name, bool chosen, bool active, int width, bool unicode)
    {
        var mark = !chosen ? "  " : unicode ? (active ? "▸ " : "▹ ") : (active ? "> " : ". ");
        return new Text(TextWidth.Cut(mark + name, width), chosen && active ? new Style(decoration: Decoration.Bold) : Style.Plain);
    }
}
