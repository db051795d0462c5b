using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Shortline.Grains.Files;

namespace Shortline.Grains.Handlers;

/// <summary>Operation <c>file</c>: returns a chunk of a file of <c>server.file_root</c>, or the checksum of the whole file.</summary>
internal sealed class FileHandler(FileRoot root, ChecksumCache checksums) : IWorkHandler
{
    public const string Operation = "file";

    /// <summary>
    /// Bytes of a chunk at most. They are 57,344 in base64, which leaves room within <see cref="ResultWriter.MaxResult"/> for a name of
    /// 1024 characters that are escaped with six bytes each.
    /// </summary>
    public const int MaxLength = 42 * 1024;

    private const int HashBlock = 128 * 1024;
    private const string Sha256 = "sha256";

    public async ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        if (!request.TryRead(WorkJson.Default.FileWork, out var work, out var invalid))
            return invalid;
        if (work.Checksum is not (null or Sha256))
            return WorkOutcome.Invalid($"'checksum' must be {Sha256}");
        if (work.Offset < 0)
            return WorkOutcome.Invalid("'offset' must be a whole number, at least 0");
        if (work.Length < 0)
            return WorkOutcome.Invalid($"'length' must be a whole number, at least 0; more than {MaxLength} bytes are not sent at once");
        if (!root.TryOpenFile(work.Name, out var file, out var refusal))
            return WorkOutcome.Invalid(refusal);

        using (file)
        {
            return work.Checksum is null
                ? await WriteChunk(file, work, result, cancellationToken)
                : await WriteChecksum(file, work, result, cancellationToken);
        }
    }

    private static async ValueTask<WorkOutcome> WriteChunk(
        ServedFile file, FileWork work, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        var version = file.Version;
        var length = (int)Math.Clamp(version.Size - work.Offset, 0, Math.Min(work.Length, MaxLength));
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var read = await file.Read(buffer.AsMemory(0, length), work.Offset, cancellationToken);
            using var json = new Utf8JsonWriter(result);
            json.WriteStartObject();
            json.WriteString("name", work.Name);
            json.WriteNumber("offset", work.Offset);
            json.WriteNumber("length", read);
            Write(json, version);
            json.WriteBase64String("data", buffer.AsSpan(0, read));
            json.WriteEndObject();
            return WorkOutcome.Ok;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<WorkOutcome> WriteChecksum(
        ServedFile file, FileWork work, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        var version = file.Version;
        var checksum = checksums.Find(file.Path, version);
        if (checksum is null)
        {
            checksum = await Compute(file, cancellationToken);
            if (file.Version != version)
                return WorkOutcome.Invalid($"{FileName.Shown(work.Name!)} was changed while its checksum was computed: ask again");
            checksums.Keep(file.Path, version, checksum);
        }

        using var json = new Utf8JsonWriter(result);
        json.WriteStartObject();
        json.WriteString("name", work.Name);
        Write(json, version);
        json.WriteString(Sha256, checksum);
        json.WriteEndObject();
        return WorkOutcome.Ok;
    }

    private static async ValueTask<string> Compute(ServedFile file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(HashBlock);
        try
        {
            var offset = 0L;
            for (int read; (read = await file.Read(buffer, offset, cancellationToken)) > 0; offset += read)
                hash.AppendData(buffer, 0, read);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Write(Utf8JsonWriter json, FileVersion version)
    {
        json.WriteNumber("size", version.Size);
        json.WriteString("modified", version.Modified.ToString("O", CultureInfo.InvariantCulture));
    }
}

/// <summary>The payload of <c>file</c>.</summary>
internal sealed record FileWork(string? Name = null, long Offset = 0, int Length = 32 * 1024, string? Checksum = null);
