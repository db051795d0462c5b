using System.Runtime.Versioning;
using System.Text;
using Shortline.Grains.Files;
using Shortline.Hosting.Start;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Files;

public sealed class FileRootTests : IDisposable
{
    private readonly ServedFolder _folder = new();
    private readonly FileRoot _root;

    public FileRootTests() => _root = new FileRoot(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.txt")]
    [InlineData("sub/deep/a.txt")]
    [InlineData("Größe 12.txt")]
    [InlineData("..a")]
    [InlineData("...")]
    [InlineData(" ")]
    [InlineData("-rf")]
    [InlineData("%2e%2e")]
    public async Task A_file_inside_the_folder_is_opened_by_its_name(string name)
    {
        _folder.Write(name, "hello");
        Assert.True(_root.TryOpenFile(name, out var file, out var refusal), refusal);
        using (file)
        {
            var buffer = new byte[10];
            Assert.Equal(5, await file.Read(buffer, 0, default));
            Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, 5));
            Assert.Equal(5, file.Version.Size);
        }
    }

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("sub/../../secret.txt")]
    [InlineData("sub/..")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("./a.txt")]
    [InlineData("a.txt/")]
    [InlineData("sub//a.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData(@"\\host\share")]
    [InlineData(@"..\secret.txt")]
    [InlineData(@"sub\a.txt")]
    [InlineData("C:/secret.txt")]
    [InlineData("c:secret.txt")]
    [InlineData("a.txt\0")]
    [InlineData("a.txt\0.png")]
    [InlineData("a\n.txt")]
    public void A_name_that_breaks_the_rules_is_refused(string name)
    {
        Assert.False(_root.TryOpenFile(name, out _, out var refusal));
        Assert.Contains("'name' is not allowed, ", refusal, StringComparison.Ordinal);
        Assert.False(_root.TryOpenDirectory(name, out _, out refusal));
        Assert.Contains("'name' is not allowed, ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_required_and_limited_in_length()
    {
        Assert.StartsWith("'name' is missing", RefusalOf(null), StringComparison.Ordinal);
        Assert.StartsWith("'name' is missing", RefusalOf(""), StringComparison.Ordinal);
        Assert.Equal("'name' has 10000 characters: at most 1024 are allowed", RefusalOf(new string('a', 10_000)));
        Assert.StartsWith("there is no file 'aaa", RefusalOf(new string('a', 1024)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_for_a_refusal_fits_into_a_response_even_with_the_longest_name()
    {
        foreach (var name in (string[])[new string('\\', 1024), new string('\0', 1024), "/" + new string('ä', 1023)])
            Assert.InRange(RefusalOf(name).IndexOf(": '", StringComparison.Ordinal), 1, 250);
    }

    [Fact]
    public void The_refusal_names_a_missing_file()
    {
        _folder.Write("a.txt", "");
        Assert.Equal("there is no file 'b.txt'", RefusalOf("b.txt"));
        Assert.Equal("there is no file 'a.txt/b'", RefusalOf("a.txt/b"));
        Assert.False(_root.TryOpenDirectory("b", out _, out var refusal));
        Assert.Equal("there is no directory 'b'", refusal);
    }

    [Fact]
    public void A_directory_is_not_opened_as_a_file_and_a_file_not_as_a_directory()
    {
        _folder.Write("sub/a.txt", "");
        Assert.Equal("'sub' is a directory: ask for it with the operation 'directory'", RefusalOf("sub"));
        Assert.False(_root.TryOpenDirectory("sub/a.txt", out _, out var refusal));
        Assert.Equal("'sub/a.txt' is not a directory", refusal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_link_out_of_the_folder_is_refused_like_a_missing_file()
    {
        File.CreateSymbolicLink(_folder.PathOf("relative"), "../secret.txt");
        File.CreateSymbolicLink(_folder.PathOf("absolute"), "/etc/passwd");
        File.CreateSymbolicLink(_folder.PathOf("nowhere"), "../nowhere");
        File.CreateSymbolicLink(_folder.PathOf("itself"), "itself");
        Directory.CreateSymbolicLink(_folder.PathOf("up"), "..");
        Directory.CreateSymbolicLink(_folder.PathOf("hop"), "up");

        foreach (var name in (string[])["relative", "absolute", "nowhere", "itself", "up/secret.txt", "up/nowhere", "hop/secret.txt"])
            Assert.Equal($"there is no file '{name}'", RefusalOf(name));
        Assert.False(_root.TryOpenDirectory("up", out _, out var refusal));
        Assert.Equal("there is no directory 'up'", refusal);
    }

    [Fact]
    public void A_folder_whose_path_has_the_root_as_a_prefix_is_outside()
    {
        _folder.Write("../served-not/a.txt", "secret");
        Directory.CreateSymbolicLink(_folder.PathOf("near"), "../served-not");
        Assert.Equal("there is no file 'near/a.txt'", RefusalOf("near/a.txt"));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_link_inside_the_folder_is_followed()
    {
        _folder.Write("v2/a.txt", "two");
        Directory.CreateSymbolicLink(_folder.PathOf("current"), "v2");
        Assert.True(_root.TryOpenFile("current/a.txt", out var file, out var refusal), refusal);
        using (file)
            Assert.Equal(_folder.PathOf("v2/a.txt"), file.Path);
    }

    [Fact]
    public async Task Pipes_and_devices_are_refused_without_blocking()
    {
        _folder.MakePipe("pipe");
        var refusal = await Eventually.Completes(Task.Run(() => RefusalOf("pipe")), "a pipe is refused");
        Assert.Equal("'pipe' is not a regular file", refusal);

        var devices = new FileRoot("/dev");
        Assert.False(devices.TryOpenFile("zero", out _, out refusal));
        Assert.Equal("'zero' is not a regular file", refusal);
    }

    [Fact]
    public async Task A_link_that_is_swapped_constantly_never_leads_out_of_the_folder()
    {
        _folder.Write("good.txt", "good");
        File.CreateSymbolicLink(_folder.PathOf("link"), "good.txt");
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                File.CreateSymbolicLink(_folder.PathOf("next"), i % 2 == 0 ? "good.txt" : "../secret.txt");
                File.Move(_folder.PathOf("next"), _folder.PathOf("link"), overwrite: true);
            }
        });

        var buffer = new byte[10];
        var opened = 0;
        for (var i = 0; i < 20_000 && opened < 500; i++)
        {
            if (!_root.TryOpenFile("link", out var file, out _))
                continue;
            using (file)
                Assert.Equal("good", Encoding.UTF8.GetString(buffer, 0, await file.Read(buffer, 0, default)));
            opened++;
        }

        await stop.CancelAsync();
        await swapping;
        Assert.InRange(opened, 1, int.MaxValue);
    }

    [Fact]
    public void Refusals_leave_no_handle_open()
    {
        _folder.Write("a.txt", "");
        _folder.MakePipe("pipe");
        File.CreateSymbolicLink(_folder.PathOf("out"), "../secret.txt");
        var handles = Handles();
        for (var i = 0; i < 200; i++)
        {
            foreach (var name in (string[])["pipe", "out", "missing", "..", "a.txt/b"])
                RefusalOf(name);
            Assert.False(_root.TryOpenDirectory("a.txt", out _, out _));
            Assert.False(_root.TryOpenDirectory("out", out _, out _));
        }

        Assert.InRange(Handles(), 0, handles + 100); // Other tests open files at the same time.
    }

    [Fact]
    public void A_missing_root_fails_the_start()
    {
        var fault = Assert.Throws<StartFailedException>(() => new FileRoot(_folder.PathOf("missing")));
        Assert.StartsWith($"server.file_root = {_folder.PathOf("missing")}: there is no such folder.", fault.Message, StringComparison.Ordinal);
        Assert.Throws<StartFailedException>(() => new FileRoot(_folder.Write("a.txt", "")));
    }

    [Fact]
    public void Without_a_root_every_name_is_refused_and_the_setting_is_named()
    {
        var nothing = new FileRoot("");
        Assert.False(nothing.TryOpenFile("a.txt", out _, out var refusal));
        Assert.Contains("server.file_root", refusal, StringComparison.Ordinal);
        Assert.False(nothing.TryOpenDirectory(null, out _, out refusal));
        Assert.Contains("server.file_root", refusal, StringComparison.Ordinal);
    }

    private static int Handles() => Directory.GetFiles("/proc/self/fd").Length;

    private string RefusalOf(string? name)
    {
        Assert.False(_root.TryOpenFile(name, out _, out var refusal), $"'{name}' was opened");
        return refusal;
    }
}
