using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Client.Files;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client.Files;

public sealed class FileDownloadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-download-");

    private string Target => Path.Combine(_folder.FullName, "here.bin");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 * 1024)]
    [InlineData((32 * 1024) + 1)]
    [InlineData(1_000_000)]
    public async Task A_file_arrives_whole_and_nothing_else_is_left(int size)
    {
        var files = new FakeFiles(RandomNumberGenerator.GetBytes(size));
        var download = new FileDownload(files.Remote, FakeFiles.Name, Target);
        await download.RunAsync();
        Assert.Equal(files.Content, await File.ReadAllBytesAsync(Target));
        Assert.Equal([Target], _folder.GetFiles().Select(file => file.FullName));
        Assert.Equal(new FileDownloadProgress(size, size, 0, 0, Verifying: true), download.Progress);
    }

    [Fact]
    public async Task As_many_chunks_are_in_flight_as_the_window_has_and_no_more()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (inFlight, most) = (0, 0);
        var files = new FakeFiles(new byte[100]);
        files.Before = async _ =>
        {
            var now = Interlocked.Increment(ref inFlight);
            InterlockedMax(ref most, now);
            if (now == 5)
                gate.SetResult();
            await gate.Task;
            Interlocked.Decrement(ref inFlight);
            return null;
        };

        await Eventually.Completes(Download(files, window: 5, chunk: 10).RunAsync(), "a download whose chunks wait until five are in flight");
        Assert.Equal(5, most);
    }

    [Fact]
    public async Task A_download_that_failed_is_gone_on_with()
    {
        var files = new FakeFiles(RandomNumberGenerator.GetBytes(1000));
        files.Before = offset => Task.FromResult(offset >= 500 ? "nobody is there" : null);
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download(files, window: 3, chunk: 10).RunAsync());
        Assert.Equal("nobody is there", fault.Message);
        Assert.False(File.Exists(Target));

        files.Before = _ => Task.FromResult<string?>(null);
        files.Asked.Clear();
        var download = Download(files, window: 3, chunk: 10);
        await download.RunAsync();
        Assert.Equal(files.Content, await File.ReadAllBytesAsync(Target));
        Assert.InRange(files.Asked.Min(), 460, 500);
        Assert.Equal(files.Asked.Min(), download.Progress.Resumed);
    }

    [Fact]
    public void However_often_it_is_stopped_and_wherever_it_ends_whole()
    {
        var cases =
            from size in Gen.Choose(0, 500)
            from window in Gen.Choose(1, 8)
            from chunk in Gen.Choose(1, 40)
            from stops in Gen.Choose(0, 500).ListOf()
            from seed in Gen.Choose(0, int.MaxValue)
            select (size, window, chunk, stops, seed);
        Prop.ForAll(cases.ToArbitrary(), ends => Ends(ends.size, ends.window, ends.chunk, [.. ends.stops.Take(4)], ends.seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public async Task What_a_killed_download_left_is_checked_and_begun_anew_if_it_is_damaged()
    {
        var files = new FakeFiles(RandomNumberGenerator.GetBytes(1000));
        files.Before = offset => Task.FromResult(offset >= 500 ? "nobody is there" : null);
        await Assert.ThrowsAsync<FileTransferException>(() => Download(files, window: 2, chunk: 10).RunAsync());
        await using (var part = File.OpenWrite(Target + ".part"))
            part.WriteByte((byte)~files.Content[0]);

        files.Before = _ => Task.FromResult<string?>(null);
        var download = Download(files, window: 2, chunk: 10);
        await download.RunAsync();
        Assert.Equal(files.Content, await File.ReadAllBytesAsync(Target));
        Assert.Equal(1, download.Progress.Restarts);
    }

    [Fact]
    public async Task A_file_that_changes_meanwhile_is_begun_anew()
    {
        var files = new FakeFiles(RandomNumberGenerator.GetBytes(1000));
        var changed = 0;
        files.Before = offset =>
        {
            if (offset == 500 && Interlocked.Exchange(ref changed, 1) == 0)
                files.Change(RandomNumberGenerator.GetBytes(700));
            return Task.FromResult<string?>(null);
        };
        var download = Download(files, window: 4, chunk: 10);
        await download.RunAsync();
        Assert.Equal(700, files.Content.Length);
        Assert.Equal(files.Content, await File.ReadAllBytesAsync(Target));
        Assert.Equal(1, download.Progress.Restarts);
    }

    [Fact]
    public async Task A_file_that_has_changed_since_the_download_was_stopped_is_begun_anew()
    {
        var files = new FakeFiles(RandomNumberGenerator.GetBytes(1000));
        files.Before = offset => Task.FromResult(offset >= 500 ? "nobody is there" : null);
        await Assert.ThrowsAsync<FileTransferException>(() => Download(files).RunAsync());

        files.Before = _ => Task.FromResult<string?>(null);
        files.Change(RandomNumberGenerator.GetBytes(1000));
        await Download(files).RunAsync();
        Assert.Equal(files.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_file_that_changes_all_the_time_is_given_up()
    {
        var files = new FakeFiles(new byte[1000]);
        files.Before = _ =>
        {
            files.Change(new byte[1000]);
            return Task.FromResult<string?>(null);
        };
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download(files).RunAsync());
        Assert.Equal("'doc.bin' changes all the time: it was begun 6 times.", fault.Message);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task A_wrong_checksum_is_told_and_the_file_gets_no_name()
    {
        var files = new FakeFiles(new byte[1000]) { Checksum = new string('0', 64) };
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download(files).RunAsync());
        Assert.Equal("'doc.bin' has arrived with a wrong checksum. Try again.", fault.Message);
        Assert.False(File.Exists(Target));
        Assert.Equal(0, new FileInfo(Target + ".part").Length);
    }

    [Fact]
    public async Task A_file_that_is_there_already_is_replaced_only_if_that_is_said()
    {
        await File.WriteAllTextAsync(Target, "mine");
        var files = new FakeFiles([1, 2, 3]);
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download(files).RunAsync());
        Assert.Equal($"{Target} is there already.", fault.Message);
        Assert.Equal("mine", await File.ReadAllTextAsync(Target));

        await new FileDownload(files.Remote, FakeFiles.Name, Target, new FileDownloadOptions { Overwrite = true }).RunAsync();
        Assert.Equal(files.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_file_that_the_server_does_not_have_leaves_nothing()
    {
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => new FileDownload(new FakeFiles([]).Remote, "missing", Target).RunAsync());
        Assert.Equal("there is no file 'missing'", fault.Message);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task Two_downloads_do_not_write_to_the_same_path()
    {
        var gate = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var files = new FakeFiles(new byte[1000]);
        files.Before = _ =>
        {
            asked.TrySetResult();
            return gate.Task;
        };
        var first = Download(files).RunAsync();
        await Eventually.Completes(asked.Task, "the first chunk");

        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download(files).RunAsync());
        Assert.StartsWith($"{Target} cannot be written: ", fault.Message, StringComparison.Ordinal);
        gate.SetResult(null);
        await Eventually.Completes(first, "the first download");
    }

    [Fact]
    public async Task A_path_that_cannot_be_written_is_told()
    {
        var files = new FakeFiles([1]);
        var missing = Path.Combine(_folder.FullName, "missing", "here.bin");
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => new FileDownload(files.Remote, FakeFiles.Name, missing).RunAsync());
        Assert.StartsWith($"{missing} cannot be written: ", fault.Message, StringComparison.Ordinal);
        fault = await Assert.ThrowsAsync<FileTransferException>(() => new FileDownload(files.Remote, FakeFiles.Name, _folder.FullName).RunAsync());
        Assert.Equal($"{_folder.FullName} is a directory: name the file to write.", fault.Message);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
            seen = Interlocked.CompareExchange(ref most, value, seen);
    }

    private FileDownload Download(FakeFiles files, int window = 4, int chunk = 10) =>
        new(files.Remote, FakeFiles.Name, Target, new FileDownloadOptions { Window = window, ChunkSize = chunk });

    private async Task<bool> Ends(int size, int window, int chunk, int[] stops, int seed)
    {
        var random = new Random(seed);
        var content = new byte[size];
        random.NextBytes(content);
        var files = new FakeFiles(content);
        foreach (var stop in stops)
        {
            files.Before = offset => Task.FromResult(offset >= stop ? "stopped" : null);
            try
            {
                await Download(files, random.Next(1, 9), random.Next(1, 40)).RunAsync();
            }
            catch (FileTransferException)
            {
                // What it left is what the next one finds.
            }

            File.Delete(Target);
        }

        files.Before = _ => Task.FromResult<string?>(null);
        await Download(files, window, chunk).RunAsync();
        var arrived = await File.ReadAllBytesAsync(Target);
        File.Delete(Target);
        return arrived.AsSpan().SequenceEqual(content) && _folder.GetFiles().Length == 0;
    }
}
