using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shortline.Protocol;

namespace Shortline.Client;

/// <summary>
/// Brings a file as a stream from a server's own port, and from another server, where it has come to, when that one ends or says nothing. The bytes
/// are hashed as they come.
/// </summary>
internal sealed class StreamFetch(ServerLocator locator, string name, ShortlineClientOptions client, TimeProvider time) : IFileFetch
{
    /// <summary>The longest wait after the first failure; each further one in a row is twice as long.</summary>
    private const int FirstWaitMs = 100;

    /// <summary>A server reads, for the checksum, what the client has already, before it sends what it has not: some hundred gigabytes in this time.</summary>
    private static readonly TimeSpan FirstBytePatience = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(client.TimeoutMs);
    private readonly Random _random = new();
    private FileChecksums? _checksums;
    private string _fault = "";

    // What has come, and its hash.
    private IncrementalHash? _hash;
    private long _offset;

    public long Reach => 0;

    public async Task<RemoteVersion?> FetchAsync(PartFile part, RemoteVersion version, long offset, Action<int> received, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        (_hash, _offset, _checksums) = (hash, offset, null);
        await part.HashAsync(hash, offset, cancellation);
        for (var failures = 0; ;)
        {
            var before = _offset;
            if (await TryAsync(part, version, received, cancellation) is { } changed)
                return changed;
            if (_checksums is not null)
                return null;
            failures = _offset > before ? 1 : failures + 1;
            if (failures > client.Retries + 1)
                throw new FileTransferException($"'{name}' cannot be had from any server: {_fault}.");
            await Task.Delay(TimeSpan.FromMilliseconds(Backoff.Milliseconds(FirstWaitMs, failures - 1, _random.NextDouble())), time, cancellation);
        }
    }

    public Task<FileChecksums> ChecksumsAsync(PartFile part, CancellationToken cancellation) => Task.FromResult(_checksums!);

    /// <summary>One server.</summary>
    /// <returns>The file's new state if it has changed; else whatever could be had is here, and if it was all, <see cref="_checksums"/>.</returns>
    private async Task<RemoteVersion?> TryAsync(PartFile part, RemoteVersion version, Action<int> received, CancellationToken cancellation)
    {
        var server = await locator.Locate(ServerLocator.NoSeat, cancellation);
        if (server is null)
        {
            _fault = locator.Fault ?? "there is none";
            return null;
        }

        var socket = await Dialing.Dial(server, time, cancellation);
        if (socket is null)
        {
            locator.Avoid(server);
            _fault = $"nobody listens at {server}";
            return null;
        }

        using var stream = new RemoteStream(socket, time, cancellation);
        _fault = $"the connection to {server} ended";
        var ask = new StreamAsk(0, "file", new StreamWorkAsk(name, _offset, true));
        if (!await stream.SendAsync(JsonSerializer.SerializeToUtf8Bytes(ask, FileJson.Default.StreamAsk), _patience)
            || !await stream.SendAsync("\n"u8.ToArray(), _patience)
            || Read(await stream.LineAsync(_patience), FileJson.Default.ChunkAnswer) is not { Modified: { } modified, Length: { } length } head)
        {
            locator.Avoid(server);
            return null;
        }

        var now = new RemoteVersion(head.Size, modified);
        if (now != version || head.Offset != _offset || _offset + length != head.Size)
            return now != version ? now : throw new FileTransferException($"The server's answer to '{name}' is not as it should be.");
        if (!await BytesAsync(part, stream, length, received, cancellation)
            || Read(await stream.LineAsync(FirstBytePatience), FileJson.Default.ChecksumAnswer) is not { Sha256: { } checksum })
        {
            locator.Avoid(server);
            return null;
        }

        _checksums = new FileChecksums(version, checksum, Convert.ToHexStringLower(_hash!.GetHashAndReset()));
        return null;
    }

    private async Task<bool> BytesAsync(PartFile part, RemoteStream stream, long length, Action<int> received, CancellationToken cancellation)
    {
        var patience = FirstBytePatience;
        for (var end = _offset + length; _offset < end; patience = _patience)
        {
            var bytes = await stream.BytesAsync(end - _offset, patience);
            if (bytes.IsEmpty)
                return false;
            _hash!.AppendData(bytes.Span);
            await part.WriteAsync(bytes, _offset, cancellation);
            _offset += bytes.Length;
            received(bytes.Length);
        }

        return true;
    }

    /// <returns>The result; null if there is none, and another server may have one.</returns>
    /// <exception cref="FileTransferException">No server has one.</exception>
    private T? Read<T>(ReadOnlyMemory<byte>? line, JsonTypeInfo<T> type)
        where T : class
    {
        if (line is null || !ResponseParser.TryParse(line.Value.Span, out var response))
            return null;
        if (response.Status == ResponseStatus.Invalid)
            throw new FileTransferException(response.ErrorText());
        if (response.Status != ResponseStatus.Ok)
        {
            _fault = response.Error.IsEmpty ? response.ReasonText() : response.ErrorText();
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(response.Result, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
