using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shortline.Unit.Tests.Hosting;

namespace Shortline.Unit.Tests.Architecture;

/// <summary>A project of the product with its files in the repository.</summary>
/// <param name="Name">The path of its folder below the repository, such as <c>Client/Tool</c>.</param>
/// <param name="Folder">The absolute path of its folder.</param>
internal sealed partial record ProductProject(string Name, string Folder)
{
    private static readonly string Root = Repository.PathOf(".");

    /// <summary>All projects except those for tests and benchmarks.</summary>
    public static IReadOnlyList<ProductProject> All { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
            .Select(file => System.IO.Path.GetDirectoryName(file)!)
            .Select(folder => new ProductProject(Relative(Root, folder), folder))
            .Where(project => project.Name.Split('/')[0] is not ("tests" or "bench" or "artifacts"))
            .OrderBy(project => project.Name, StringComparer.Ordinal),
    ];

    /// <summary>The root of its namespaces: <c>Shortline.Client.Tool</c> for <c>Client/Tool</c>.</summary>
    public string Namespace => $"Shortline.{Name.Replace('/', '.')}";

    public XElement Definition => XElement.Load(Directory.GetFiles(Folder, "*.csproj").Single());

    /// <summary>The names of the projects that it references.</summary>
    public string[] References =>
    [
        .. Definition.Descendants("ProjectReference")
            .Select(reference => System.IO.Path.GetFullPath(System.IO.Path.Combine(Folder, reference.Attribute("Include")!.Value.Replace('\\', '/'))))
            .Select(file => Relative(Root, System.IO.Path.GetDirectoryName(file)!)),
    ];

    /// <summary>Its source files, without those of projects in its subfolders.</summary>
    public IReadOnlyList<SourceFile> Files =>
    [
        .. Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !All.Any(inner => inner.Name.StartsWith($"{Name}/", StringComparison.Ordinal) && file.StartsWith($"{inner.Folder}/", StringComparison.Ordinal)))
            .Select(file => new SourceFile(Relative(Folder, file), WithoutComments(File.ReadAllText(file)))),
    ];

    /// <summary>Its folders that contain source files, with what each contains directly: files, and folders with source files.</summary>
    public IReadOnlyDictionary<string, int> Folders
    {
        get
        {
            var content = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
            foreach (var file in Files)
            {
                var parts = file.Path.Split('/');
                for (var depth = 1; depth < parts.Length; depth++)
                {
                    var folder = string.Join('/', parts[..depth]);
                    if (!content.TryGetValue(folder, out var entries))
                        content[folder] = entries = new HashSet<string>(StringComparer.Ordinal);
                    entries.Add(parts[depth]);
                }
            }

            return content.ToDictionary(pair => pair.Key, pair => pair.Value.Count, StringComparer.Ordinal);
        }
    }

    public override string ToString() => Name;

    private static string Relative(string from, string to) => System.IO.Path.GetRelativePath(from, to).Replace('\\', '/');

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"(?<=^|\s)//.*?$|/\*.*?\*/", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Comment();
}

/// <summary>A source file: its path below its project, and its text without comments.</summary>
internal sealed record SourceFile(string Path, string Text);
