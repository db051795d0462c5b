using System.Security.Cryptography;
using Shortline.Client;
using Shortline.Client.Files;

namespace Shortline.Unit.Tests.Client.Files;

/// <summary>Downloads as streams from servers that end, refuse and change.</summary>
public sealed class StreamDownloadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-stream-");
    private readonly FakeStreams _streams = new(RandomNumberGenerator.GetBytes(500_000));

    private string Target => Path.Combine(_folder.FullName, "doc.bin");

    public void Dispose()
    {
        _streams.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_comes_in_one_piece()
    {
        Assert.Equal((500_000, 0, 0), await Download() is var progress ? (progress.Received, progress.Resumed, progress.Restarts) : default);
        Assert.Equal([0], _streams.Asked);
        Assert.Equal(_streams.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task When_a_server_ends_in_the_middle_another_one_goes_on_from_there()
    {
        _streams.Cut = number => number < 3 ? 100_000 : null;
        var progress = await Download();
        Assert.Equal([0, 100_000, 200_000, 300_000], _streams.Asked);
        Assert.Equal((500_000, 0, 0), (progress.Received, progress.Resumed, progress.Restarts));
        Assert.Equal(_streams.Content, await File.ReadAllBytesAsync(Target));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task When_no_server_brings_anything_it_ends_and_the_next_download_goes_on()
    {
        _streams.Cut = number => number == 0 ? 200_000 : 0;
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download());
        Assert.StartsWith("'doc.bin' cannot be fetched from any server: ", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));

        _streams.Cut = _ => null;
        var progress = await Download();
        Assert.Equal((500_000, 200_000, 200_000L), (progress.Received, progress.Resumed, _streams.Asked[^1]));
        Assert.Equal(_streams.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_file_that_has_changed_in_the_middle_is_begun_anew()
    {
        _streams.Cut = number => number == 0 ? 200_000 : null;
        _streams.Before = number =>
        {
            if (number == 1)
                _streams.Change(RandomNumberGenerator.GetBytes(300_000));
        };
        Assert.Equal(1, (await Download()).Restarts);
        Assert.Equal(_streams.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task What_was_left_damaged_is_begun_anew()
    {
        _streams.Cut = number => number == 0 ? 200_000 : 0;
        await Assert.ThrowsAsync<FileTransferException>(() => Download());
        await using (var part = File.OpenWrite($"{Target}.part"))
            part.WriteByte((byte)~_streams.Content[0]);

        _streams.Cut = _ => null;
        Assert.Equal(1, (await Download()).Restarts);
        Assert.Equal(_streams.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_wrong_checksum_is_told_and_the_file_gets_no_name()
    {
        _streams.Tail = $$$"""{"id":0,"status":"ok","result":{"sha256":"{{{new string('0', 64)}}}"}}""";
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download());
        Assert.Equal("'doc.bin' has arrived with a wrong checksum. Try again.", fault.Message);
        Assert.False(File.Exists(Target));
    }

    [Theory]
    [InlineData("{\"id\":0,\"status\":\"invalid\",\"error\":\"there is no file 'doc.bin'\"}", "there is no file 'doc.bin'")]
    [InlineData("{\"status\":\"rejected\",\"reason\":\"too many connections\"}", "'doc.bin' cannot be fetched from any server: too many connections.")]
    [InlineData("nonsense", "")]
    [InlineData("{\"id\":0,\"status\":\"ok\",\"result\":7}", "")]
    [InlineData("{\"id\":0,\"status\":\"ok\",\"result\":{\"offset\":1,\"length\":499999,\"size\":500000,\"modified\":\"0\"}}", "The server's answer to 'doc.bin' is malformed.")]
    public async Task What_a_server_says_instead_is_told(string line, string text)
    {
        _streams.Head = line;
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download());
        Assert.StartsWith(text, fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        _streams.Change([]);
        await Download();
        Assert.Equal(0, new FileInfo(Target).Length);
    }

    private async Task<FileDownloadProgress> Download()
    {
        using var client = new ShortlineClient(new ShortlineClientOptions { Gateways = [_streams.Gateway], Transport = ClientTransport.Tcp, TimeoutMs = 5000, Retries = 1 });
        var download = new FileDownload(new RemoteFiles(client), "doc.bin", Target);
        await download.RunAsync();
        return download.Progress;
    }
}
