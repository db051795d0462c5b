using Shortline.Playground.Run;

namespace Shortline.Playground.Screen;

/// <summary>A chart of the ready servers of the last minutes, as columns of blocks with two labelled axes.</summary>
internal static class FleetChart
{
    private const string Eighths = " ▁▂▃▄▅▆▇█";

    /// <summary>Up to four digits and the line of the axis.</summary>
    private const int AxisWidth = 5;

    // The shortest window that covers the run is shown. The last window moves with the time.
    private static readonly TimeSpan[] Windows = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)];

    /// <summary>
    /// The chart as <paramref name="height"/> lines of <paramref name="width"/> characters. The last line is the time axis.
    /// </summary>
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

    /// <summary>The maximum number of servers in the time of each column; 0 before the run began.</summary>
    private static int[] Counts(IReadOnlyList<FleetSize> sizes, TimeSpan now, TimeSpan window, int columns)
    {
        var counts = new int[columns];
        for (var column = 0; column < columns; column++)
        {
            var from = now - (window * (columns - column) / columns);
            var to = now - (window * (columns - column - 1) / columns);
            for (var i = sizes.Count - 1; i >= 0; i--)
            {
                // A column covers the time from its start up to the start of the next one. The last column includes the present.
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
