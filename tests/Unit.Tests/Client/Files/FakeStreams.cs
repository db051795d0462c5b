using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Shortline.Unit.Tests.Client.Files;

/// <summary>A gateway and servers that send one file as a stream. Tests choose where each stream breaks off.</summary>
internal sealed class FakeStreams : IDisposable
{
    private readonly FakeLineGateway _gateway;
    private readonly List<FakeLineGateway> _servers = [];
    private int _asked = -1;
    private int _streams;
    private int _version;

    public FakeStreams(byte[] content, int servers = 2)
    {
        Content = content;
        for (var i = 0; i < servers; i++)
            _servers.Add(new FakeLineGateway(Serve));
        _gateway = new FakeLineGateway(Answer);
    }

    public IPEndPoint Gateway => _gateway.EndPoint;

    public byte[] Content { get; private set; }

    /// <summary>The offsets at which clients started streams.</summary>
    public List<long> RequestedOffsets { get; } = [];

    /// <summary>The number of bytes after which a stream breaks off, by the stream's number from 0; null for a complete stream.</summary>
    public Func<int, int?> Cut { get; set; } = _ => null;

    /// <summary>Runs when a client requests a stream, with the stream's number from 0.</summary>
    public Action<int> Before { get; set; } = _ => { };

    /// <summary>The line to send after the bytes, instead of the one with the checksum.</summary>
    public string? Tail { get; set; }

    /// <summary>The first line to send, instead of the header and the bytes.</summary>
    public string? Head { get; set; }

    /// <summary>Replaces the file by a new version.</summary>
    public void Change(byte[] content) => (Content, _version) = (content, _version + 1);

    public void Dispose()
    {
        _gateway.Dispose();
        _servers.ForEach(server => server.Dispose());
    }

    private async Task Answer(FakeLineGateway.Peer peer)
    {
        while (await peer.Read() is { } id)
        {
            var server = _servers[Interlocked.Increment(ref _asked) % _servers.Count].EndPoint;
            var result = peer.Request.GetProperty("operation").GetString() == "locate"
                ? JsonSerializer.Serialize<object[]>([$"{server.Address}", server.Port])
                : JsonSerializer.Serialize(new { offset = 0, length = 0, size = Content.Length, modified = $"{_version}", data = "" });
            await peer.Write($$"""{"id":{{id}},"status":"ok","result":{{result}}}""" + "\n");
        }
    }

    private async Task Serve(FakeLineGateway.Peer peer)
    {
        await peer.Read();
        var number = Interlocked.Increment(ref _streams) - 1;
        Before(number);
        var offset = peer.Request.GetProperty("payload").GetProperty("offset").GetInt64();
        lock (RequestedOffsets)
            RequestedOffsets.Add(offset);
        if (Head is not null)
        {
            await peer.Write(Head + "\n");
            return;
        }

        var (content, version) = (Content, _version);
        var rest = content.AsMemory((int)Math.Min(offset, content.Length));
        await peer.Write(Ok(new { offset = Math.Min(offset, content.Length), length = rest.Length, size = content.Length, modified = $"{version}" }));
        if (Cut(number) is { } cut && cut < rest.Length)
        {
            await peer.Write(rest[..cut]);
            return;
        }

        await peer.Write(rest);
        await peer.Write(Tail is null ? Ok(new { sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) }) : Tail + "\n");
    }

    private static string Ok<T>(T result) => $$"""{"id":0,"status":"ok","result":{{JsonSerializer.Serialize(result)}}}""" + "\n";
}
