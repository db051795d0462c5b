using System.Reflection;

namespace Shortline.System.Tests.Processes;

/// <summary>
/// The paths of the built programs. The project file passes their folder on, so that tests never start the programs of another build.
/// </summary>
internal static class ProgramFile
{
    private static readonly string Folder = Metadata("ProgramFolder");

    public static string Silo { get; } = Of("Silo");

    public static string Gateway { get; } = Of("Gateway");

    public static string Client { get; } = Of("Tool", "Client.Tool");

    public static string Playground { get; } = Of("Playground");

    /// <summary>
    /// A silo with the operation <c>count</c>, which records every run in a file. Its last argument is the folder of these files; the other
    /// arguments are the silo's.
    /// </summary>
    public static string CountingSilo { get; } = Of("CountingSilo");

    /// <summary>The contracts with an additional field in every record.</summary>
    public static string NextContracts { get; } = Path.Combine(FolderOf("NextContracts"), "Shortline.GrainInterfaces.dll");

    private static string Of(string project, string? name = null) => Path.Combine(FolderOf(project), $"Shortline.{name ?? project}.dll");

    private static string FolderOf(string project) => Path.GetFullPath(Folder.Replace("{0}", project, StringComparison.Ordinal));

    private static string Metadata(string key) => typeof(ProgramFile).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == key).Value!;
}
