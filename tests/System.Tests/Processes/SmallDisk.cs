using System.Diagnostics;

namespace Shortline.System.Tests.Processes;

/// <summary>A small disk in memory, mounted on a folder, that a test can fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(string path, int bytes)
    {
        Path = Directory.CreateDirectory(path).FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={bytes},mode=700", "tmpfs", Path);
    }

    /// <summary>Whether this user may mount a disk.</summary>
    public static bool CanMount => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    public string Path { get; }

    private string Filler => global::System.IO.Path.Combine(Path, "filler");

    /// <summary>Writes until the disk is full.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    public void Dispose() => Run("umount", "-l", Path);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
