using System.Security.Cryptography;
using System.Text.Json;
using Shortline.Client;
using Shortline.Client.Files;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Client.Files;

/// <summary>A server with one file in memory. Tests choose its checksum and may change the file or fail a chunk.</summary>
internal sealed class FakeFiles(byte[] content)
{
    public const string Name = "doc.bin";

    private readonly Lock _lock = new();
    private int _version;

    public byte[] Content { get; private set; } = content;

    /// <summary>The checksum that the server reports; null for the right one.</summary>
    public string? Checksum { get; set; }

    /// <summary>Runs before a chunk is served, with the chunk's offset. A text that it returns is the error instead of the chunk.</summary>
    public Func<long, Task<string?>> Before { get; set; } = _ => Task.FromResult<string?>(null);

    /// <summary>The offsets of the requested chunks. Requests that only ask for the size are not counted.</summary>
    public List<long> RequestedOffsets { get; } = [];

    public RemoteFiles Remote => new(Send);

    /// <summary>Replaces the file by a new version.</summary>
    public void Change(byte[] content)
    {
        lock (_lock)
            (Content, _version) = (content, _version + 1);
    }

    private async ValueTask<Reply> Send(string operation, byte[] payload, int timeoutMs, CancellationToken cancellation)
    {
        var ask = JsonDocument.Parse(payload).RootElement;
        if (ask.GetProperty("name").GetString() != Name)
            return new Reply { Status = ResponseStatus.Invalid, Error = $"there is no file '{ask.GetProperty("name").GetString()}'" };
        if (ask.TryGetProperty("checksum", out _))
            return Answer(new { size = Content.Length, modified = $"{_version}", sha256 = Checksum ?? Convert.ToHexStringLower(SHA256.HashData(Content)) });

        var (offset, length) = (ask.GetProperty("offset").GetInt64(), ask.GetProperty("length").GetInt32());
        if (length > 0)
        {
            lock (_lock)
                RequestedOffsets.Add(offset);
            await Task.Yield();
            if (await Before(offset).WaitAsync(cancellation) is { } fault)
                return new Reply { Error = fault };
        }

        lock (_lock)
        {
            var data = Content.AsSpan((int)Math.Min(offset, Content.Length));
            return Answer(new { offset, size = Content.Length, modified = $"{_version}", data = data[..Math.Min(length, data.Length)].ToArray() });
        }
    }

    private static Reply Answer<T>(T result) => new() { Status = ResponseStatus.Ok, Result = JsonSerializer.SerializeToUtf8Bytes(result) };
}
