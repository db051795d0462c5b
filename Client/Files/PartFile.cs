using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Shortline.Client.Files;

/// <summary>
/// An unfinished download: <c>PATH.part</c> has the bytes, <c>PATH.part.json</c> says which file they belong to. It is locked against other
/// downloads.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private const int HashBlock = 128 * 1024;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private PartFile(string path, SafeFileHandle handle) => (_path, _handle) = (path, handle);

    private string NotePath => $"{_path}.json";

    /// <summary>Opens or creates the part file of a path.</summary>
    /// <exception cref="IOException">It cannot be written, or another download has locked it.</exception>
    public static PartFile Open(string path)
    {
        var part = $"{path}.part";
        return new PartFile(part, File.OpenHandle(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous));
    }

    /// <summary>Prepares it for a version of a file: keeps the bytes if they belong to that version, else removes them.</summary>
    /// <returns>The number of leading bytes that are complete.</returns>
    public long Prepare(string name, RemoteVersion version, long reach)
    {
        if (ReadNote() is { } note && note.Name == name && note.Size == version.Size && note.Modified == version.Modified)
        {
            var complete = Math.Max(0, Math.Min(RandomAccess.GetLength(_handle), version.Size) - note.Reach);
            WriteNote(note with { Reach = Math.Max(note.Reach, reach) });
            return complete;
        }

        // In this order, so that the bytes of one file are never beside the note of another.
        RandomAccess.SetLength(_handle, 0);
        WriteNote(new PartNote(name, version.Size, version.Modified, reach));
        return 0;
    }

    /// <summary>Writes bytes at an offset.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellation) =>
        RandomAccess.WriteAsync(_handle, bytes, offset, cancellation);

    /// <summary>Computes the SHA-256 of the whole file as lower-case hexadecimal digits.</summary>
    public async Task<string> ChecksumAsync(CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await HashAsync(hash, long.MaxValue, cancellation);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Adds the bytes up to an offset to a hash.</summary>
    public async Task HashAsync(IncrementalHash hash, long end, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(HashBlock);
        try
        {
            var offset = 0L;
            for (int read; (read = await RandomAccess.ReadAsync(_handle, buffer.AsMemory(0, (int)Math.Min(HashBlock, end - offset)), offset, cancellation)) > 0; offset += read)
                hash.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Removes the bytes and the note: the next download starts from the beginning.</summary>
    public void Forget()
    {
        File.Delete(NotePath);
        RandomAccess.SetLength(_handle, 0);
    }

    /// <summary>Closes the part file and renames it to the final path.</summary>
    public void MoveTo(string path, bool overwrite)
    {
        RandomAccess.FlushToDisk(_handle);
        _handle.Dispose();
        File.Move(_path, path, overwrite);
        File.Delete(NotePath);
    }

    public void Dispose() => _handle.Dispose();

    private PartNote? ReadNote()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(NotePath), FileJson.Default.PartNote);
        }
        catch (Exception fault) when (fault is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    private void WriteNote(PartNote note) => File.WriteAllBytes(NotePath, JsonSerializer.SerializeToUtf8Bytes(note, FileJson.Default.PartNote));
}

/// <summary>The note beside an unfinished download, which lets another process resume it.</summary>
/// <param name="Name">The name of the file on the servers.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Modified">The time of its last change.</param>
/// <param name="Reach">
/// The largest distance in bytes between the end of the complete part and the farthest byte written: the chunks in flight.
/// </param>
internal sealed record PartNote(string Name, long Size, string Modified, long Reach);
