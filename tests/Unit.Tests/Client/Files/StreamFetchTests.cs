using System.Security.Cryptography;
using Shortline.Client;
using Shortline.Client.Files;

namespace Shortline.Unit.Tests.Client.Files;

/// <summary>Downloads a file as streams from servers whose streams break off, that refuse it, or whose file changes.</summary>
public sealed class StreamFetchTests : IDisposable
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
    public async Task Receives_the_file_in_one_stream()
    {
        Assert.Equal((500_000, 0, 0), await Download() is var progress ? (progress.Received, progress.Resumed, progress.Restarts) : default);
        Assert.Equal([0], _streams.RequestedOffsets);
        Assert.Equal(_streams.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Continues_at_the_same_offset_from_another_server_when_a_stream_breaks_off()
    {
        _streams.Cut = number => number < 3 ? 100_000 : null;
        var progress = await Download();
        Assert.Equal([0, 100_000, 200_000, 300_000], _streams.RequestedOffsets);
        Assert.Equal((500_000, 0, 0), (progress.Received, progress.Resumed, progress.Restarts));
        Assert.Equal(_streams.Content, await File.ReadAllBytesAsync(Target));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task Fails_when_no_server_sends_bytes_and_continues_with_the_next_download()
    {
        _streams.Cut = number => number == 0 ? 200_000 : 0;
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download());
        Assert.StartsWith("'doc.bin' cannot be fetched from any server: ", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));

        _streams.Cut = _ => null;
        var progress = await Download();
        Assert.Equal((500_000, 200_000, 200_000L), (progress.Received, progress.Resumed, _streams.RequestedOffsets[^1]));
        Assert.Equal(_streams.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Restarts_if_the_file_changes_between_two_streams()
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
    public async Task Restarts_if_the_rest_of_an_earlier_download_is_damaged()
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
    public async Task Reports_a_wrong_checksum_and_does_not_create_the_file()
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
    public async Task Reports_a_refusal_or_a_malformed_header(string line, string text)
    {
        _streams.Head = line;
        var fault = await Assert.ThrowsAsync<FileTransferException>(() => Download());
        Assert.StartsWith(text, fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Downloads_an_empty_file()
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
