namespace Shortline.System.Tests.Processes;

/// <summary>A temporary working directory for one test.</summary>
internal sealed class WorkingFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-system-");

    public string Path => _folder.FullName;

    public string PathOf(string file) => global::System.IO.Path.Combine(Path, file);

    /// <summary>Starts a program in this directory.</summary>
    public ProgramProcess Start(string program, params IEnumerable<string> arguments) => ProgramProcess.Start(program, Path, arguments);

    /// <summary>Starts a program that may have this many files open, sockets included.</summary>
    public ProgramProcess Start(int openFiles, string program, params IEnumerable<string> arguments) =>
        ProgramProcess.Start(program, Path, new Dictionary<string, string>(StringComparer.Ordinal), arguments, openFiles);

    public void Dispose() => _folder.Delete(recursive: true);
}
