using System.Security.Cryptography;
using Shortline.Client.Tool;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Fleet;
using Shortline.Unit.Tests.Grains.Files;

namespace Shortline.Unit.Tests.Client.Tool;

/// <summary>The verbs <c>ls</c>, <c>get</c> and <c>compute</c> against a whole fleet in this process.</summary>
public sealed class ToolProgramVerbTests : IAsyncLifetime, IDisposable
{
    private readonly ServedFolder _served = new();
    private readonly DirectoryInfo _here = Directory.CreateTempSubdirectory("shortline-tool-");
    private FleetHost _fleet = null!;

    public async Task InitializeAsync() =>
        _fleet = await FleetHost.Start(new ShortlineSettings { Server = new ServerSettings { FileRoot = _served.Path } }, _ => { });

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    public void Dispose()
    {
        _served.Dispose();
        _here.Delete(recursive: true);
    }

    [Fact]
    public async Task Ls_lists_a_directory_of_any_length()
    {
        var names = Enumerable.Range(0, 1500).Select(i => $"{i:d4}").ToArray();
        foreach (var name in names)
            _served.Write($"sub/{name}", "");
        Assert.Equal((0, "sub/\n", ""), await Run("ls"));
        Assert.Equal((0, string.Join('\n', names) + "\n", ""), await Run("ls", "sub"));
        Assert.Equal((1, "", "there is no directory 'nowhere'\n"), await Run("ls", "nowhere"));
    }

    [Fact]
    public async Task Get_downloads_a_file_and_replaces_one_only_with_force()
    {
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        _served.Write("sub/doc.bin", content);
        var path = Path.Combine(_here.FullName, "doc.bin");

        var (code, output, error) = await Run("get", "sub/doc.bin", "--output", path);
        Assert.True(code == 0, error);
        Assert.Contains("3.0 MB", output, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllBytesAsync(path));

        _served.Write("sub/doc.bin", "new");
        Assert.Equal((1, "", $"{path} is there already. --force replaces it.\n"), await Run("get", "sub/doc.bin", "--output", path));
        Assert.Equal(0, (await Run("get", "sub/doc.bin", "--output", path, "--force")).Code);
        Assert.Equal("new", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Get_writes_to_standard_output()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        _served.Write("doc.bin", content);
        using var bytes = new MemoryStream();

        var (code, output, error) = await Run(bytes, "get", "doc.bin", "--output", "-");

        Assert.Equal((0, ""), (code, output));
        Assert.Equal(content, bytes.ToArray());
        Assert.Contains("doc.bin: 300.0 KB", error, StringComparison.Ordinal);
        Assert.False(File.Exists("-"));
        Assert.Equal((1, "", "there is no file 'missing'\n"), await Run(bytes, "get", "missing", "--output", "-"));
    }

    [Fact]
    public async Task A_timeout_that_the_user_has_chosen_is_the_time_of_compute()
    {
        var started = TimeProvider.System.GetTimestamp();
        var (code, _, error) = await Run("compute", "8", "--timeout", "100ms");
        Assert.Equal(1, code);
        Assert.NotEmpty(error);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 7);
    }

    [Theory]
    [InlineData("--tcp")]
    [InlineData("--direct")]
    public async Task Ls_and_get_work_over_connections(string way)
    {
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        _served.Write("sub/doc.bin", content);
        var path = Path.Combine(_here.FullName, "doc.bin");

        Assert.Equal((0, "doc.bin\n", ""), await Run("ls", "sub", way));
        var (code, output, error) = await Run("get", "sub/doc.bin", "--output", path, way);
        Assert.True(code == 0, error);
        Assert.Contains("3.0 MB", output, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllBytesAsync(path));
        Assert.Equal((1, "", "there is no file 'missing.txt'\n"), await Run("get", "missing.txt", way));
    }

    [Fact]
    public async Task Compute_prints_the_server_that_computed()
    {
        foreach (var way in (string[])["--tcp", "--direct"])
        {
            var (code, output, error) = await Run("compute", "0.01", way);
            Assert.True(code == 0, error);
            Assert.StartsWith("computed for 0.01 s by server 0, answered after ", output, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await Run("compute", "0.01")).Code);
        Assert.Equal(2, (await Run("compute", "-1")).Code);
    }

    [Theory]
    [InlineData("missing.txt", "there is no file 'missing.txt'")]
    [InlineData("../secret.txt", "'name' is not allowed, none of its parts may be empty, '.' or '..': '../secret.txt'")]
    public async Task Get_prints_one_sentence_and_exits_with_1_if_it_cannot_have_the_file(string name, string text)
    {
        Assert.Equal((1, "", $"{text}\n"), await Run("get", name, "--output", Path.Combine(_here.FullName, "here")));
        Assert.Empty(_here.GetFiles());
    }

    [Fact]
    public async Task Get_exits_with_2_if_the_name_is_missing() => Assert.Equal(2, (await Run("get")).Code);

    private Task<(int Code, string Output, string Error)> Run(params string[] args) => Run(Stream.Null, args);

    private async Task<(int Code, string Output, string Error)> Run(Stream bytes, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] all = [.. args, "--gateway", $"{_fleet.EndPoint}", "--client:port_range_start", "20000", "--client:port_range_end", "65000"];
        return (await ToolProgram.RunAsync(all, TextReader.Null, output, error, bytes), output.ToString(), error.ToString());
    }
}
