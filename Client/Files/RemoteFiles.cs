using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shortline.Client.Tcp;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Files;

/// <summary>The files that a fleet serves from its <c>server.file_root</c>. Thread-safe.</summary>
public sealed class RemoteFiles
{
    /// <summary>
    /// The timeout of a checksum in milliseconds. The server reads the whole file for it, so it is the longest timeout that a gateway
    /// allows by default (<c>load_balancer.max_timeout_ms</c>).
    /// </summary>
    private const int ChecksumTimeoutMs = 60_000;

    /// <summary>A name that no file can have. Its value is the name after which the next part of the list begins.</summary>
    private const string More = "/";

    private readonly SendRequest _send;
    private readonly ShortlineClient? _client;

    /// <summary>Creates an instance that uses a client. The caller disposes the client.</summary>
    /// <param name="client">The client.</param>
    public RemoteFiles(ShortlineClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _send = client.SendUnthrottledAsync;
    }

    internal RemoteFiles(SendRequest send) => _send = send;

    /// <summary>
    /// Lists the entries of a directory in order of their names. They are requested in parts; entries that change meanwhile may be missing.
    /// </summary>
    /// <param name="directory">The name of the directory, such as <c>notes/old</c>; null for the root.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="FileTransferException">There is no such directory, no files are served, or no answer came.</exception>
    public async IAsyncEnumerable<RemoteEntry> ListAsync(
        string? directory = null, [global::System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        do
        {
            var reply = await AskAsync("directory", new DirectoryAsk(directory, after), FileJson.Default.DirectoryAsk, 0, cancellation);
            after = null;
            foreach (var (name, type) in Entries(reply))
            {
                if (name == More)
                    after = type;
                else
                    yield return new RemoteEntry(name, type == "directory");
            }
        }
        while (after is not null);
    }

    /// <summary>Creates the fetch of a file that suits the client's transport.</summary>
    internal IFileFetch Fetch(string name, FileDownloadOptions options) => _client is { Options.Transport: not ClientTransport.Udp }
        ? new StreamFetch(_client.Locator, new Dialing(_client.Options.Tls, _client.Time), name, _client.Options, _client.Time)
        : new ChunkFetch(this, name, options);

    /// <summary>Reads a part of a file: fewer bytes at its end, none beyond it.</summary>
    internal async ValueTask<(RemoteVersion Version, byte[] Data)> ReadAsync(string name, long offset, int length, CancellationToken cancellation)
    {
        var reply = await AskAsync("file", new ChunkAsk(name, offset, length), FileJson.Default.ChunkAsk, 0, cancellation);
        var chunk = Read(reply, FileJson.Default.ChunkAnswer);
        return chunk is { Data: { } data, Modified: { } modified } && chunk.Offset == offset
            ? (new RemoteVersion(chunk.Size, modified), data)
            : throw Malformed("file");
    }

    /// <summary>The SHA-256 of a whole file, in lower-case hexadecimal digits.</summary>
    internal async Task<(RemoteVersion Version, string Sha256)> ChecksumAsync(string name, CancellationToken cancellation)
    {
        var reply = await AskAsync("file", new ChecksumAsk(name, "sha256"), FileJson.Default.ChecksumAsk, ChecksumTimeoutMs, cancellation);
        return Read(reply, FileJson.Default.ChecksumAnswer) is { Sha256: { } checksum, Modified: { } modified } answer
            ? (new RemoteVersion(answer.Size, modified), checksum)
            : throw Malformed("file");
    }

    private static FileTransferException Malformed(string operation) => new($"The server's answer to '{operation}' is malformed.");

    private static List<(string Name, string Type)> Entries(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetString() ?? ""))];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Malformed("directory");
        }
    }

    private static T? Read<T>(ReadOnlyMemory<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, type);
        }
        catch (JsonException)
        {
            throw Malformed("file");
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> AskAsync<T>(
        string operation, T ask, JsonTypeInfo<T> type, int timeoutMs, CancellationToken cancellation)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(ask, type);
        if (payload.Length > RequestParser.MaxDatagram / 2)
            throw new FileTransferException($"The name is too long: {payload.Length} bytes.");
        var reply = await _send(operation, payload, timeoutMs, cancellation);
        if (reply.IsOk)
            return reply.Result;
        var status = reply.Status is { } answered and not ResponseStatus.Invalid ? $"{ResponseStatuses.Name(answered)}: " : "";
        throw new FileTransferException($"{status}{reply.Error}");
    }
}

/// <summary>An entry of a directory that a fleet serves.</summary>
/// <param name="Name">Its name, without the name of the directory.</param>
/// <param name="IsDirectory">Whether the entry is a directory rather than a file.</param>
public readonly record struct RemoteEntry(string Name, bool IsDirectory);

/// <summary>The version of a served file. Two versions with the same size and time count as equal.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Modified">The time of its last change, as the server writes it.</param>
internal sealed record RemoteVersion(long Size, string Modified);
