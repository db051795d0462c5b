using System.Diagnostics;
using System.Security.Cryptography;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Client;

/// <summary>The client tool downloads files from a silo; both are processes.</summary>
public sealed class FilesTests : IAsyncLifetime
{
    /// <summary>Large enough to kill the client in the middle of the download.</summary>
    private const int Size = 100_000_000;

    private readonly DirectoryInfo _served = Directory.CreateTempSubdirectory("shortline-served-");
    private Fleet _fleet = null!;

    public async Task InitializeAsync()
    {
        _served.CreateSubdirectory("sub");
        await File.WriteAllBytesAsync(PathOf("sub/doc.bin"), RandomNumberGenerator.GetBytes(Size));
        await File.WriteAllTextAsync(PathOf("note.txt"), "hello");
        _fleet = await Fleet.Start("--server:file_root", _served.FullName);
    }

    public async Task DisposeAsync()
    {
        await _fleet.DisposeAsync();
        _served.Delete(recursive: true);
    }

    [Fact]
    public async Task The_tool_lists_and_downloads_files()
    {
        await using var list = await _fleet.AllOk("ls");
        Assert.Equal("note.txt\nsub/\n", list.Output);
        await using var get = await _fleet.AllOk("get", "note.txt");

        // A slow machine shows the progress before that.
        Assert.Contains("note.txt: 5 B, ", get.Output, StringComparison.Ordinal);
        Assert.Equal("hello", await File.ReadAllTextAsync(_fleet.PathOf("note.txt")));
    }

    [Fact]
    public async Task A_killed_download_resumes_and_completes()
    {
        string[] get = ["get", "sub/doc.bin", "--output", "here.bin"];
        var (here, part) = (_fleet.PathOf("here.bin"), new FileInfo(_fleet.PathOf("here.bin.part")));
        await using (var killed = _fleet.Client(get))
        {
            var started = Stopwatch.GetTimestamp();
            while (!part.Exists || part.Length < Size / 10)
            {
                Assert.True(killed.IsRunning, killed.Describe());
                Assert.True(Stopwatch.GetElapsedTime(started) < ProgramProcess.Limit, killed.Describe());
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                part.Refresh();
            }

            await killed.Kill();
        }

        Assert.False(File.Exists(here));

        await using var resumed = await _fleet.AllOk(get);
        Assert.Contains(" were there already", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(await Checksum(PathOf("sub/doc.bin")), await Checksum(here));
        Assert.False(File.Exists(part.FullName));

        await using var again = _fleet.Client(get);
        Assert.True(await again.WaitForExit() == 1, again.Describe());
        Assert.EndsWith("here.bin is there already. --force replaces it.\n", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_with_a_missing_file_root_fails_to_start_with_one_message()
    {
        using var folder = new WorkingFolder();
        await using var silo = folder.Start(ProgramFile.Silo, [.. FreePorts.Settings(out _), "--server:file_root", "missing"]);
        Assert.Equal(1, await silo.WaitForExit());
        Assert.Equal("server.file_root = missing: there is no such folder. Make it, or leave server.file_root empty to serve no files.\n", silo.Error);
    }

    private static async Task<string> Checksum(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    private string PathOf(string name) => Path.Combine(_served.FullName, name);
}
