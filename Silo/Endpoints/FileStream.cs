using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Shortline.Gateway.Tcp;
using Shortline.Grains.Files;
using Shortline.Protocol.Responses;

namespace Shortline.Silo.Endpoints;

/// <summary>
/// Sends a file as a stream: a line that describes it, the bytes, and a line with the SHA-256 of the whole file. Takes one block of memory
/// for a file of any size.
/// </summary>
internal sealed class FileStream(FileRoot files, ChecksumCache checksums, StreamWork work, StreamReply reply)
{
    private const int Block = 128 * 1024;

    public async Task SendTo(TcpConnection client)
    {
        var refusal = "'offset' must be a whole number, at least 0";
        if (work.Offset < 0 || !files.TryOpenFile(work.Name, out var file, out refusal))
        {
            await client.SendRaw(reply.Fault(ResponseStatus.Invalid, refusal!)).ConfigureAwait(false);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            await Send(file, buffer, client).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The announced bytes cannot be sent any more, so only a reset tells the client.
            client.Reset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            file.Dispose();
        }
    }

    private async Task Send(ServedFile file, byte[] buffer, TcpConnection client)
    {
        var version = file.Version;
        var start = Math.Min(work.Offset, version.Size);
        var known = checksums.Find(file.Path, version);
        await client.SendRaw(reply.Ok(Head(version, start))).ConfigureAwait(false);

        using var hash = known is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        if (hash is not null)
            await Read(file, buffer, 0, start, block => Append(hash, block, client)).ConfigureAwait(false);
        await Read(file, buffer, start, version.Size, async block =>
        {
            hash?.AppendData(block.Span);
            await client.SendRaw(block).ConfigureAwait(false);
        }).ConfigureAwait(false);

        if (file.Version != version)
        {
            await client.SendRaw(reply.Fault(ResponseStatus.Error, $"{FileName.Shown(work.Name!)} was changed while it was sent: ask again")).ConfigureAwait(false);
            return;
        }

        known ??= Convert.ToHexStringLower(hash!.GetHashAndReset());
        checksums.Keep(file.Path, version, known);
        await client.SendRaw(reply.Ok(Tail(known))).ConfigureAwait(false);
    }

    private static ValueTask Append(IncrementalHash hash, ReadOnlyMemory<byte> block, TcpConnection client)
    {
        hash.AppendData(block.Span);
        client.Touch();
        return ValueTask.CompletedTask;
    }

    /// <exception cref="IOException">The file has become shorter.</exception>
    private static async Task Read(ServedFile file, byte[] buffer, long from, long to, Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        while (from < to)
        {
            var read = await file.Read(buffer.AsMemory(0, (int)Math.Min(Block, to - from)), from, CancellationToken.None).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException();
            await take(buffer.AsMemory(0, read)).ConfigureAwait(false);
            from += read;
        }
    }

    private byte[] Head(FileVersion version, long start) => Json(json =>
    {
        json.WriteString("name", work.Name);
        json.WriteNumber("offset", start);
        json.WriteNumber("length", version.Size - start);
        json.WriteNumber("size", version.Size);
        json.WriteString("modified", version.Modified.ToString("O", CultureInfo.InvariantCulture));
    });

    private byte[] Tail(string checksum) => Json(json =>
    {
        json.WriteString("name", work.Name);
        json.WriteString("sha256", checksum);
    });

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
