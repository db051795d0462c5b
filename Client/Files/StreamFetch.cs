using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shortline.Client.Requests;
using Shortline.Client.Tcp;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Files;

/// <summary>
/// Fetches a file as a stream from a server's own port. If that server ends or is silent, another server continues at the same offset. The
/// bytes are hashed as they arrive.
/// </summary>
internal sealed class StreamFetch(ServerLocator locator, Dialing dialing, string name, ShortlineClientOptions client, TimeProvider time) : IFileFetch
{
    /// <summary>The longest wait after the first failure; it doubles with each further failure in a row.</summary>
    private const int FirstWaitMs = 100;

    /// <summary>
    /// Before it sends, a server reads the bytes that the client already has, for the checksum. It reads some hundred gigabytes in this
    /// time.
    /// </summary>
    private static readonly TimeSpan FirstByteTimeout = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(client.TimeoutMs);
    private readonly Random _random = new();
    private FileChecksums? _checksums;
    private string _fault = "";

    // The bytes so far, and their hash.
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
                throw new FileTransferException($"'{name}' cannot be fetched from any server: {_fault}.");
            await Task.Delay(TimeSpan.FromMilliseconds(Backoff.Milliseconds(FirstWaitMs, failures - 1, _random.NextDouble())), time, cancellation);
        }
    }

    public Task<FileChecksums> ChecksumsAsync(PartFile part, CancellationToken cancellation) => Task.FromResult(_checksums!);

    /// <summary>Fetches from one server.</summary>
    /// <returns>The new version if the file has changed, else null. <see cref="_checksums"/> is set if the file is complete.</returns>
    private async Task<RemoteVersion?> TryAsync(PartFile part, RemoteVersion version, Action<int> received, CancellationToken cancellation)
    {
        var server = await locator.Locate(ServerLocator.NoSlot, cancellation);
        if (server is null)
        {
            _fault = locator.Fault ?? "there is no server";
            return null;
        }

        var connection = await dialing.Dial(server, cancellation);
        if (connection is null)
        {
            locator.Avoid(server);
            _fault = dialing.Fault ?? $"no process listens at {server}";
            return null;
        }

        using var stream = new RemoteStream(connection, time, cancellation);
        _fault = $"the connection to {server} ended";
        var ask = new StreamAsk(0, "file", new StreamWorkAsk(name, _offset, true));
        if (!await stream.SendAsync(JsonSerializer.SerializeToUtf8Bytes(ask, FileJson.Default.StreamAsk), _timeout)
            || !await stream.SendAsync("\n"u8.ToArray(), _timeout)
            || Read(await stream.LineAsync(_timeout), FileJson.Default.ChunkAnswer) is not { Modified: { } modified, Length: { } length } head)
        {
            locator.Avoid(server);
            return null;
        }

        var now = new RemoteVersion(head.Size, modified);
        if (now != version || head.Offset != _offset || _offset + length != head.Size)
            return now != version ? now : throw new FileTransferException($"The server's answer to '{name}' is malformed.");
        if (!await BytesAsync(part, stream, length, received, cancellation)
            || Read(await stream.LineAsync(FirstByteTimeout), FileJson.Default.ChecksumAnswer) is not { Sha256: { } checksum })
        {
            locator.Avoid(server);
            return null;
        }

        _checksums = new FileChecksums(version, checksum, Convert.ToHexStringLower(_hash!.GetHashAndReset()));
        return null;
    }

    private async Task<bool> BytesAsync(PartFile part, RemoteStream stream, long length, Action<int> received, CancellationToken cancellation)
    {
        var timeout = FirstByteTimeout;
        for (var end = _offset + length; _offset < end; timeout = _timeout)
        {
            var bytes = await stream.BytesAsync(end - _offset, timeout);
            if (bytes.IsEmpty)
                return false;
            _hash!.AppendData(bytes.Span);
            await part.WriteAsync(bytes, _offset, cancellation);
            _offset += bytes.Length;
            received(bytes.Length);
        }

        return true;
    }

    /// <returns>The result; null if this server has none and another one may have it.</returns>
    /// <exception cref="FileTransferException">No server has the file.</exception>
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
