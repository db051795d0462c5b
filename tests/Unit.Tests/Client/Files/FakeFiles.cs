using System.Security.Cryptography;
using System.Text.Json;
using Shortline.Client;
using Shortline.Client.Files;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Client.Files;

/// <summary>One served file in memory, which answers as a test tells it to.</summary>
internal sealed class FakeFiles(byte[] content)
{
    public const string Name = "doc.bin";

    private readonly Lock _lock = new();
    private int _version;

    public byte[] Content { get; private set; } = content;

    /// <summary>What is said to be the checksum; null for the right one.</summary>
    public string? Checksum { get; set; }

    /// <summary>What happens before a chunk is answered, given its offset. A text is why there is no answer.</summary>
    public Func<long, Task<string?>> Before { get; set; } = _ => Task.FromResult<string?>(null);

    /// <summary>The offsets that were asked for, those of the size alone not counted.</summary>
    public List<long> Asked { get; } = [];

    public RemoteFiles Remote => new(Send);

    /// <summary>The file is written anew.</summary>
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
                Asked.Add(offset);
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
