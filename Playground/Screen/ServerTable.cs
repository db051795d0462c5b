using Spectre.Console;

namespace Shortline.Playground.Screen;

/// <summary>The server table: a line for each server, columns of fixed width.</summary>
internal static class ServerTable
{
    private const int IdWidth = 8;
    private const int StateWidth = 8;
    private const int WeightWidth = 6;
    private const int CountWidth = 5;
    private const int ServiceWidth = 7;
    private const int DoneWidth = 7;
    private const int ShareWidth = 7;
    private const int FixedWidth = IdWidth + StateWidth + WeightWidth + CountWidth + ServiceWidth + DoneWidth + ShareWidth;
    private const int Columns = 8;
    private const int LongestBar = 40;

    /// <summary>The table, with at most <paramref name="most"/> servers: those around the chosen one.</summary>
    public static Table Of(PlayView view, int most, ScreenSize size)
    {
        var (servers, chosen) = (view.Servers, view.Chosen);
        var gap = size.Columns < 76 ? 1 : 2;
        var barWidth = Math.Clamp(size.Columns - FixedWidth - ((Columns - 1) * gap), 4, LongestBar);
        var bars = QueueBar.Fitting(barWidth, servers.Select(server => server.Queue).DefaultIfEmpty().Max(), size.Unicode);
        var table = new Table().NoBorder().Collapse();
        table.AddColumn(TableColumns.Of("  server", IdWidth, gap));
        table.AddColumn(TableColumns.Of("state", StateWidth, gap));
        table.AddColumn(TableColumns.Of("weight", WeightWidth, gap, Justify.Right));
        table.AddColumn(TableColumns.Of("queue", CountWidth, gap, Justify.Right));
        table.AddColumn(TableColumns.Of(bars.PerCell == 1 ? "" : $"{bars.Of(bars.PerCell)} is {bars.PerCell}", barWidth, gap));
        table.AddColumn(TableColumns.Of("serving", ServiceWidth, gap, Justify.Right));
        table.AddColumn(TableColumns.Of("done", DoneWidth, gap, Justify.Right));
        table.AddColumn(TableColumns.Of("share", ShareWidth, 0, Justify.Right));
        foreach (var server in Visible(servers, chosen, most))
        {
            table.AddRow(
                TableColumns.Mark(server.Id, server.Id == chosen, !view.ChoosesClients, IdWidth, size.Unicode),
                new Text(server.State, StyleOf(server.State)),
                new Text($"{server.Weight}"),
                new Text($"{server.Queue}"),
                new Text(bars.Of(server.Queue), new Style(Color.Aqua)),
                new Text($"{server.InService} of {server.Workers}"),
                new Text($"{server.Done}"),
                new Text(Figures.Share(server.Share)));
        }

        return table;
    }

    /// <summary>As many servers as fit, with the chosen one among them.</summary>
    private static IEnumerable<ServerRow> Visible(IReadOnlyList<ServerRow> servers, string? chosen, int most)
    {
        var row = servers.ToList().FindIndex(server => server.Id == chosen);
        var first = Math.Clamp(row - (most / 2), 0, Math.Max(0, servers.Count - most));
        return servers.Skip(first).Take(most);
    }

    private static Style StyleOf(string state) => new(state switch
    {
        "ready" => Color.Green,
        "starting" or "draining" => Color.Yellow,
        "hanging" or "failed" => Color.Red,
        _ => Color.Grey,
    });
}
