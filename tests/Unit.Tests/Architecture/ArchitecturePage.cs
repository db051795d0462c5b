using System.Text.RegularExpressions;
using Shortline.Unit.Tests.Hosting;

namespace Shortline.Unit.Tests.Architecture;

/// <summary>The table of projects in docs/architecture.md.</summary>
internal static partial class ArchitecturePage
{
    public const string Path = "docs/architecture.md";

    /// <summary>The rows: for each project the projects that it may use, and its folders.</summary>
    public static IReadOnlyDictionary<string, ArchitectureRow> Rows { get; } = File.ReadAllLines(Repository.PathOf(Path))
        .SkipWhile(line => line != "| project | may use | rooms |")
        .Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Trim('|').Split('|'))
        .ToDictionary(
            cells => Names(cells[0]).Single(),
            cells => new ArchitectureRow(Names(cells[1]), Names(cells[2])),
            StringComparer.Ordinal);

    /// <summary>
    /// Returns the projects whose namespaces a project may use: its own, those in its row, and transitively those that these may use.
    /// </summary>
    public static IReadOnlySet<string> Reachable(string project)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([project]);
        while (open.TryPop(out var next))
        {
            if (reached.Add(next))
                Array.ForEach(Rows[next].MayUse, open.Push);
        }

        return reached;
    }

    private static string[] Names(string cell) => [.. Quoted().Matches(cell).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Quoted();
}

/// <summary>A row of the table.</summary>
internal sealed record ArchitectureRow(string[] MayUse, string[] Rooms);
