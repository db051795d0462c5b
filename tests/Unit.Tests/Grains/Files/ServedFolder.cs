using System.Diagnostics;

namespace Shortline.Unit.Tests.Grains.Files;

/// <summary>A folder that is served, inside a folder that clients must not reach.</summary>
internal sealed class ServedFolder : IDisposable
{
    private readonly DirectoryInfo _outside = Directory.CreateTempSubdirectory("shortline-files-");

    public ServedFolder()
    {
        Path = global::System.IO.Path.Combine(_outside.FullName, "served");
        Directory.CreateDirectory(Path);
        Write("../secret.txt", "secret");
    }

    public string Path { get; }

    public string PathOf(string name) => global::System.IO.Path.Join(Path, name);

    public string Write(string name, string text) => Write(name, global::System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(global::System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Makes a pipe. Opening it blocks until another process opens it for writing.</summary>
    public void MakePipe(string name)
    {
        using var process = Process.Start("mkfifo", [PathOf(name)]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose() => _outside.Delete(recursive: true);
}
