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
    public async Task Writes_the_whole_file_and_leaves_no_other_file(int size)
    {
        var files = new FakeFiles(RandomNumberGenerator.GetBytes(size));
        var download = new FileDownload(files.Remote, FakeFiles.Name, Target);
        await download.RunAsync();
        Assert.Equal(files.Content, await File.ReadAllBytesAsync(Target));
        Assert.Equal([Target], _folder.GetFiles().Select(file => file.FullName));
        Assert.Equal(new FileDownloadProgress(size, size, 0, 0, Verifying: true), download.Progress);
    }

    [Fact]
    public async Task Keeps_exactly_one_window_of_chunks_in_flight()
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

        await Eventually.Completes(Download(files, window: 5, chunk: 10).RunAsync(), "the download, whose chunks wait until five are in flight, ends");
        Assert.Equal(5, most);
    }

    [Fact]
    public async Task Continues_where_a_failed_download_stopped()
    {
        var files = new FakeFiles(RandomNumberGenerator.GetBytes(1000));
        files.Before = offset => Task.FromResult(offset >= 500 ? "nobody is there" : null);
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download(files, window: 3, chunk: 10).RunAsync());
        Assert.Equal("nobody is there", fault.Message);
        Assert.False(File.Exists(Target));

        files.Before = _ => Task.FromResult<string?>(null);
        files.RequestedOffsets.Clear();
        var download = Download(files, window: 3, chunk: 10);
        await download.RunAsync();
        Assert.Equal(files.Content, await File.ReadAllBytesAsync(Target));
        Assert.InRange(files.RequestedOffsets.Min(), 460, 500);
        Assert.Equal(files.RequestedOffsets.Min(), download.Progress.Resumed);
    }

    [Fact]
    public void Completes_the_file_after_any_number_of_interruptions()
    {
        var cases =
            from size in Gen.Choose(0, 500)
            from window in Gen.Choose(1, 8)
            from chunk in Gen.Choose(1, 40)
            from stops in Gen.Choose(0, 500).ListOf()
            from seed in Gen.Choose(0, int.MaxValue)
            select (size, window, chunk, stops, seed);
        Prop.ForAll(cases.ToArbitrary(), sample => CompletesAfterStops(sample.size, sample.window, sample.chunk, [.. sample.stops.Take(4)], sample.seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public async Task Restarts_if_the_rest_of_a_killed_download_is_damaged()
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
    public async Task Restarts_if_the_file_changes_during_the_download()
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
    public async Task Restarts_if_the_file_has_changed_since_the_last_attempt()
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
    public async Task Fails_if_the_file_keeps_changing()
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
    public async Task Reports_a_wrong_checksum_and_does_not_create_the_file()
    {
        var files = new FakeFiles(new byte[1000]) { Checksum = new string('0', 64) };
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download(files).RunAsync());
        Assert.Equal("'doc.bin' has arrived with a wrong checksum. Try again.", fault.Message);
        Assert.False(File.Exists(Target));
        Assert.Equal(0, new FileInfo(Target + ".part").Length);
    }

    [Fact]
    public async Task Replaces_an_existing_file_only_with_the_overwrite_option()
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
    public async Task Leaves_no_file_if_the_server_has_none()
    {
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => new FileDownload(new FakeFiles([]).Remote, "missing", Target).RunAsync());
        Assert.Equal("there is no file 'missing'", fault.Message);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task Refuses_a_path_that_another_download_writes_to()
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
        await Eventually.Completes(asked.Task, "the first chunk is requested");

        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download(files).RunAsync());
        Assert.StartsWith($"{Target} cannot be written: ", fault.Message, StringComparison.Ordinal);
        gate.SetResult(null);
        await Eventually.Completes(first, "the first download ends");
    }

    [Fact]
    public async Task Reports_a_path_that_it_cannot_write()
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

    private async Task<bool> CompletesAfterStops(int size, int window, int chunk, int[] stops, int seed)
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
                // The next download continues with what this one left.
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
