using System.Text.RegularExpressions;

namespace Shortline.Unit.Tests.Architecture;

/// <summary>Checks the rules for files and folders that a machine can check.</summary>
public sealed partial class LayoutTests
{
    private const int LeastFiles = 3;

    private static readonly string[] GeneratorAttributes = ["[LoggerMessage", "[LibraryImport", "[GeneratedRegex", "[JsonSerializable", "[JsonSourceGenerationOptions"];

    public static TheoryData<string> Projects => [.. ProductProject.All.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_page_lists_the_folders_of_each_project(string name)
    {
        var rooms = Project(name).Folders.Keys.Where(folder => !folder.Contains('/')).Order(StringComparer.Ordinal).ToArray();
        Assert.True(
            rooms.SequenceEqual(ArchitecturePage.Rows[name].Rooms.Order(StringComparer.Ordinal)),
            $"The row of {name} in {ArchitecturePage.Path} has to list these rooms: {string.Join(' ', rooms.Select(room => $"`{room}`"))}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_has_at_least_three_files_or_folders(string name)
    {
        var small = Project(name).Folders.Where(folder => folder.Value < LeastFiles).Select(folder => $"{name}/{folder.Key} has {folder.Value}");
        Assert.Empty(small);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_class_has_one_file_and_at_most_one_more_for_log_messages(string name)
    {
        var parts =
            from file in Project(name).Files
            from match in PartialType().Matches(file.Text)
            group file by match.Groups["name"].Value;
        var faults =
            from type in parts
            let files = type.Distinct().ToArray()
            let byHand = files.Where(file => !file.Path.EndsWith($"{type.Key}.Log.cs", StringComparison.Ordinal)).ToArray()
            where byHand.Length > 1 || !files.Any(file => GeneratorAttributes.Any(attribute => file.Text.Contains(attribute, StringComparison.Ordinal)))
            select $"{name}: {type.Key} in {string.Join(", ", files.Select(file => file.Path))}";
        Assert.Empty(faults);
    }

    private static ProductProject Project(string name) => ProductProject.All.Single(project => project.Name == name);

    [GeneratedRegex(@"\bpartial (?:class|struct|interface|record(?: class| struct)?) (?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PartialType();
}
