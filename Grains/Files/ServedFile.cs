using Microsoft.Win32.SafeHandles;

namespace Shortline.Grains.Files;

/// <summary>A file of <see cref="FileRoot"/>, open for reading.</summary>
internal sealed class ServedFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private ServedFile(SafeFileHandle handle, string path) => (_handle, Path) = (handle, path);

    /// <summary>The real path.</summary>
    public string Path { get; }

    /// <summary>The present version.</summary>
    public FileVersion Version => new(RandomAccess.GetLength(_handle), File.GetLastWriteTimeUtc(_handle));

    /// <summary>Opens a file; returns null if the server may not read it or it is gone.</summary>
    public static ServedFile? TryOpen(PinnedPath pinned)
    {
        const FileShare everything = FileShare.ReadWrite | FileShare.Delete;
        try
        {
            var handle = File.OpenHandle(pinned.AccessPath, FileMode.Open, FileAccess.Read, everything, FileOptions.Asynchronous);
            return new ServedFile(handle, pinned.RealPath);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>The bytes read.</returns>
    public async ValueTask<int> Read(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = await RandomAccess.ReadAsync(_handle, buffer[filled..], offset + filled, cancellationToken);
            if (read == 0)
                break;
            filled += read;
        }

        return filled;
    }

    public void Dispose() => _handle.Dispose();
}

/// <summary>Tells one state of a file from another.</summary>
/// <param name="Size">The size in bytes.</param>
/// <param name="Modified">The time of the last write, UTC.</param>
internal readonly record struct FileVersion(long Size, DateTime Modified);
