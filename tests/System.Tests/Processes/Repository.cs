using System.Runtime.CompilerServices;

namespace Shortline.System.Tests.Processes;

/// <summary>The files of the repository.</summary>
internal static class Repository
{
    /// <summary>The full path of a file.</summary>
    public static string File(string path, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", path));
}
