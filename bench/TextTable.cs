namespace Shortline.Bench;

/// <summary>An aligned table in Markdown. The first column is aligned left, the others right.</summary>
internal sealed class TextTable(string[] heads)
{
    private readonly List<string[]> _rows = [];

    internal void Add(string[] cells) => _rows.Add(cells);

    internal void Write(TextWriter output)
    {
        int[] widths = [.. heads.Select((head, column) => _rows.Select(row => row[column].Length).Append(head.Length).Max())];
        WriteRow(output, heads, widths);
        WriteRow(output, [.. widths.Select((width, column) => new string('-', width - 1) + (column == 0 ? '-' : ':'))], widths);
        foreach (var row in _rows)
            WriteRow(output, row, widths);
    }

    private static void WriteRow(TextWriter output, string[] cells, int[] widths)
    {
        var padded = cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
        output.WriteLine($"| {string.Join(" | ", padded)} |");
    }
}
