using Shortline.Protocol.Responses;
using Spectre.Console;

namespace Shortline.Client.Tool.Load;

/// <summary>The table at the end of a run.</summary>
internal static class SummaryTable
{
    /// <summary>The columns of output that is no terminal. A program that reads it wants no line to be broken.</summary>
    private const int UnlimitedWidth = 100_000;

    public static void Write(TextWriter output, bool terminal, LoadSettings settings, LoadProgress end)
    {
        var console = terminal ? AnsiConsole.Console : Plain(output);
        console.Write(Figures(terminal, end));
        if (settings.Rate is not null)
            console.WriteLine("Latency counts from the time at which each request was due.");
        if (end.Throttled > 0)
            console.WriteLine("Throttled requests were not sent, because servers refused most of the others; --no-throttle sends all.");
        if (end.Servers.Count > 0)
            console.Write(Servers(terminal, end));
        if (end.FirstError is { } first)
            console.WriteLine($"First answer that was not ok: {first}");
    }

    private static Table Figures(bool terminal, LoadProgress end)
    {
        var table = NewTable(terminal).AddColumn("requests").AddColumn(new TableColumn($"{end.Started:#,0}").RightAligned());
        Add(table, "ok", $"{end.Of(ResponseStatus.Ok):#,0}");
        foreach (var (name, count) in ProgressText.Others(end))
            Add(table, name, $"{count:#,0}");
        Add(table, "retries", $"{end.Retries:#,0}");
        foreach (var (name, count) in Oddities(end))
            Add(table, name, $"{count:#,0}");
        Add(table, "time", $"{end.Elapsed.TotalSeconds:F2} s");
        Add(table, "answers/s", $"{end.Rate:#,0}");
        if (end.Latency.Count == 0)
            return table;
        table.AddEmptyRow();
        foreach (var percent in (double[])[50, 90, 99, 99.9])
            Add(table, $"p{percent}", ProgressText.Ms(end.Latency.Percentile(percent)));
        Add(table, "max", ProgressText.Ms(end.Latency.MaxNanoseconds));
        return table;
    }

    private static IAnsiConsole Plain(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = UnlimitedWidth;
        return console;
    }

    private static Table Servers(bool terminal, LoadProgress end)
    {
        var table = NewTable(terminal).AddColumn("server").AddColumn(new TableColumn("answers").RightAligned()).AddColumn(new TableColumn("share").RightAligned());
        var all = Math.Max(1, end.Servers.Values.Sum());
        foreach (var (server, count) in end.Servers)
            table.AddRow(Markup.Escape(server), $"{count:#,0}", $"{100.0 * count / all:F1} %");
        return table;
    }

    private static IEnumerable<(string Name, long Count)> Oddities(LoadProgress end) =>
        new[]
        {
            ("retries denied by the budget", end.RetriesDenied),
            ("retries throttled", end.RetriesThrottled),
            ("answered twice", end.AnsweredTwice),
            ("answered too late", end.Late),
            ("no answer to anything", end.Unmatched),
            ("gateway not there", end.Refused),
        }.Where(oddity => oddity.Item2 > 0);

    private static Table NewTable(bool terminal) => new Table().Border(terminal ? TableBorder.Rounded : TableBorder.Ascii);

    private static void Add(Table table, string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
}
