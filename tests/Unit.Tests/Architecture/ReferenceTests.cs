using System.Text.RegularExpressions;

namespace Shortline.Unit.Tests.Architecture;

/// <summary>Compares project references and namespaces with the table in docs/architecture.md.</summary>
public sealed partial class ReferenceTests
{
    /// <summary>
    /// Types that a policy or a wire format must not use: sockets, grains, clocks, and random sources other than those that are passed in.
    /// </summary>
    private static readonly string[] Impure =
    [
        "System.Net", "Orleans", "DateTime.", "DateTimeOffset.", "Stopwatch", "TimeProvider", "Environment.Tick", "Task.Delay", "Thread.Sleep",
        "Random.Shared", "new Random(", "RandomNumberGenerator", "Guid.NewGuid",
    ];

    /// <summary>Hash functions, which are as pure as the policies that use them.</summary>
    private const string PurePackage = "System.IO.Hashing";

    public static TheoryData<string> Projects => [.. ProductProject.All.Select(project => project.Name)];

    [Fact]
    public void The_page_lists_exactly_the_projects()
    {
        Assert.Equal(
            ProductProject.All.Select(project => project.Name).Order(StringComparer.Ordinal),
            ArchitecturePage.Rows.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_projects_that_it_may_use(string name)
    {
        var allowed = ArchitecturePage.Rows[name].MayUse;
        var extra = Project(name).References.Except(allowed, StringComparer.Ordinal).ToArray();
        Assert.True(extra.Length == 0, $"{name} references {string.Join(", ", extra)}. {ArchitecturePage.Path} allows: {string.Join(", ", allowed)}.");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_namespaces_of_projects_that_it_may_use(string name)
    {
        var allowed = ArchitecturePage.Reachable(name).Select(reached => Project(reached)?.Namespace).OfType<string>().ToArray();
        var owners = ProductProject.All.Select(project => project.Namespace).OrderByDescending(owner => owner.Length).ToArray();
        var faults =
            from file in Project(name).Files
            from match in Mention().Matches(file.Text)
            let owner = owners.FirstOrDefault(owner => $"{match.Value}.".StartsWith($"{owner}.", StringComparison.Ordinal))
            where owner is not null && !allowed.Contains(owner)
            select $"{name}/{file.Path} uses {match.Value}";
        Assert.Empty(faults.Distinct());
    }

    [Theory]
    [InlineData("Balancing")]
    [InlineData("Protocol")]
    public void A_pure_project_uses_no_framework_socket_grain_clock_or_random_source(string name)
    {
        var project = Project(name);
        Assert.Empty(project.References);
        Assert.DoesNotContain(
            project.Definition.Descendants(),
            element => element.Name.LocalName == "FrameworkReference"
                || (element.Name.LocalName == "PackageReference" && element.Attribute("Include")?.Value is not PurePackage));
        var faults =
            from file in project.Files
            from impure in Impure
            where file.Text.Contains(impure, StringComparison.Ordinal)
            select $"{name}/{file.Path} uses {impure}";
        Assert.Empty(faults);
    }

    private static ProductProject Project(string name) => ProductProject.All.FirstOrDefault(project => project.Name == name)!;

    /// <summary>
    /// A namespace in a using directive or in a qualified name, but not at the beginning of a string such as a log category.
    /// </summary>
    [GeneratedRegex(@"(?<![\w.""])Shortline(?:\.[A-Z]\w*)+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Mention();
}
