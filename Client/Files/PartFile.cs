using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Shortline.Client;

/// <summary>An unfinished download: <c>PATH.part</c> with the bytes, <c>PATH.part.json</c> with what they belong to. Nobody else has it meanwhile.</summary>
internal sealed class PartFile : IDisposable
{
    private const int HashBlock = 128 * 1024;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private PartFile(string path, SafeFileHandle handle) => (_path, _handle) = (path, handle);

    private string NotePath => $"{_path}.json";

    /// <summary>Opens the one for a path, or makes it.</summary>
    /// <exception cref="IOException">It cannot be written, or another download has it.</exception>
    public static PartFile Open(string path)
    {
        var part = $"{path}.part";
        return new PartFile(part, File.OpenHandle(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous));
    }

    /// <summary>Gets it ready for a file.</summary>
    /// <returns>The bytes from the start on that are there already.</returns>
    public long Prepare(string name, RemoteVersion version, long reach)
    {
        if (ReadNote() is { } note && note.Name == name && note.Size == version.Size && note.Modified == version.Modified)
        {
            var complete = Math.Max(0, Math.Min(RandomAccess.GetLength(_handle), version.Size) - note.Reach);
            WriteNote(note with { Reach = Math.Max(note.Reach, reach) });
            return complete;
        }

        // Before the note: bytes of one file never stand beside the note of another.
        RandomAccess.SetLength(_handle, 0);
        WriteNote(new PartNote(name, version.Size, version.Modified, reach));
        return 0;
    }

    /// <summary>Writes bytes at their place.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellation) =>
        RandomAccess.WriteAsync(_handle, bytes, offset, cancellation);

    /// <summary>The SHA-256 of the whole, in lower-case hexadecimal digits.</summary>
    public async Task<string> ChecksumAsync(CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await HashAsync(hash, long.MaxValue, cancellation);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Hashes what is there, up to an offset.</summary>
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

    /// <summary>Forgets what is there: the next download begins at the start.</summary>
    public void Forget()
    {
        File.Delete(NotePath);
        RandomAccess.SetLength(_handle, 0);
    }

    /// <summary>Gives it its name. It is closed then.</summary>
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
