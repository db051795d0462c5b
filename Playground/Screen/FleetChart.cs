namespace Shortline.Playground;

/// <summary>Servers over time as columns of blocks: the last minutes from left to right, with both axes labelled.</summary>
internal static class FleetChart
{
    private const string Eighths = " ▁▂▃▄▅▆▇█";

    /// <summary>A number of up to four digits and the line of the axis.</summary>
    private const int AxisWidth = 5;

    // A window is taken once the run is longer than the one before; the last one moves on with the time.
    private static readonly TimeSpan[] Windows = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)];

    /// <summary>The chart, in as many lines of as many characters as said; the last line is the axis of time.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<FleetSize> sizes, TimeSpan now, int width, int height, bool unicode)
    {
        var window = Windows.FirstOrDefault(window => now <= window, Windows[^1]);
        var counts = Counts(sizes, now, window, width - AxisWidth);
        var rows = height - 1;
        var perRow = QueueBar.Fitting(rows, counts.Max(), unicode).PerCell;
        List<string> lines = [];
        for (var row = rows; row > 0; row--)
            lines.Add($"{row * perRow,AxisWidth - 1}{(unicode ? '┤' : '|')}{string.Concat(counts.Select(count => Cell(count - ((row - 1) * perRow), perRow, unicode)))}");
        lines.Add(TimeAxis(window, width));
        return lines;
    }

    /// <summary>The most servers in the time of each column; none before the run began.</summary>
    private static int[] Counts(IReadOnlyList<FleetSize> sizes, TimeSpan now, TimeSpan window, int columns)
    {
        var counts = new int[columns];
        for (var column = 0; column < columns; column++)
        {
            var from = now - (window * (columns - column) / columns);
            var to = now - (window * (columns - column - 1) / columns);
            for (var i = sizes.Count - 1; i >= 0; i--)
            {
                // A column is the time from its beginning to before the next one's; the last one has the present in it.
                if (sizes[i].At >= to && column < columns - 1)
                    continue;
                counts[column] = Math.Max(counts[column], sizes[i].Ready);
                if (sizes[i].At <= from)
                    break;
            }
        }

        return counts;
    }

    private static char Cell(int above, int perRow, bool unicode) =>
        above <= 0 ? ' '
        : !unicode ? '#'
        : Eighths[(int)Math.Clamp(8L * above / perRow, 1, 8)];

    private static string TimeAxis(TimeSpan window, int width)
    {
        var start = $"{"0",AxisWidth - 1} {window.TotalMinutes:0} min ago";
        return $"{start}{"now".PadLeft(Math.Max(4, width - start.Length))}";
    }
}
