using Shortline.Playground.Clients;
using Spectre.Console;

namespace Shortline.Playground.Screen;

/// <summary>The client table: a line for each client, columns of fixed width.</summary>
internal static class ClientTable
{
    private const int IdWidth = 8;
    private const int ModeWidth = 9;
    private const int DoneWidth = 8;
    private const int MeanWidth = 7;
    private const int Columns = 6;
    private const int LongestRequest = 30;

    /// <summary>The table, with at most <paramref name="most"/> clients: those around the chosen one.</summary>
    public static Table Of(PlayView view, int most, ScreenSize size)
    {
        var gap = size.Columns < 76 ? 1 : 2;
        var room = size.Columns - IdWidth - ModeWidth - DoneWidth - MeanWidth - ((Columns - 1) * gap);
        var requestWidth = Math.Min(LongestRequest, room * 2 / 5);
        var answerWidth = room - requestWidth;
        var table = new Table().NoBorder().Collapse();
        table.AddColumn(TableColumns.Of("  client", IdWidth, gap));
        table.AddColumn(TableColumns.Of("", ModeWidth, gap));
        table.AddColumn(TableColumns.Of("request", requestWidth, gap));
        table.AddColumn(TableColumns.Of("answer", answerWidth, gap));
        table.AddColumn(TableColumns.Of("done", DoneWidth, gap, Justify.Right));
        table.AddColumn(TableColumns.Of("mean", MeanWidth, 0, Justify.Right));
        foreach (var client in Visible(view, most))
        {
            var answer = client.Answer.Length > 0 ? client.Answer : client.InFlight > 0 ? "waits for it" : "";
            table.AddRow(
                TableColumns.Mark($"{client.Id}", client.Id == view.ChosenClient, view.ChoosesClients, IdWidth, size.Unicode),
                new Text(client.ByHand ? "by hand" : "by itself", client.ByHand ? new Style(Color.Yellow) : Style.Plain),
                new Text(TextWidth.Cut(client.Request, requestWidth)),
                new Text(TextWidth.Cut(answer, answerWidth), client.IsOk || client.Answer.Length == 0 ? Style.Plain : new Style(Color.Red)),
                new Text($"{client.Ended}"),
                new Text(client.Mean is { } mean ? Figures.Latency(mean) : ""));
        }

        return table;
    }

    private static IEnumerable<ClientRow> Visible(PlayView view, int most)
    {
        var row = view.ClientRows.ToList().FindIndex(client => client.Id == view.ChosenClient);
        return view.ClientRows.Skip(Math.Clamp(row - (most / 2), 0, Math.Max(0, view.ClientRows.Count - most))).Take(most);
    }
}
