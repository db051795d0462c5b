using System.Reflection;

namespace Shortline.System.Tests;

/// <summary>The built programs. The project file says where it has them built, so that tests never start those of another build.</summary>
internal static class ProgramFile
{
    private static readonly string Folder = typeof(ProgramFile).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "ProgramFolder").Value!;

    public static string Silo { get; } = Of("Silo");

    public static string Client { get; } = Of("Client");

    public static string Playground { get; } = Of("Playground");

    /// <summary>A silo with the operation <c>count</c>, which writes down every run. Its first argument is the folder for that; the others are those of the silo.</summary>
    public static string CountingSilo { get; } = Of("CountingSilo");

    private static string Of(string project) =>
        Path.GetFullPath(Path.Combine(Folder.Replace("{0}", project, StringComparison.Ordinal), $"Shortline.{project}.dll"));
}
