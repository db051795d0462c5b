namespace Shortline.Client.Files;

/// <summary>Fetches a file in chunks, several at once. Each chunk is a request.</summary>
internal sealed class ChunkFetch(RemoteFiles files, string name, FileDownloadOptions options) : IFileFetch
{
    public long Reach => (long)options.Window * options.ChunkSize;

    /// <remarks>
    /// A chunk is requested when the chunk <see cref="FileDownloadOptions.Window"/> places before it was written. If the process is killed,
    /// gaps are therefore at most that many chunks before the last byte written.
    /// </remarks>
    public async Task<RemoteVersion?> FetchAsync(PartFile part, RemoteVersion version, long offset, Action<int> received, CancellationToken cancellation)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var window = new Queue<Task<RemoteVersion?>>(options.Window);
        try
        {
            for (; offset < version.Size || window.Count > 0; offset += options.ChunkSize)
            {
                if ((window.Count == options.Window || offset >= version.Size) && await window.Dequeue() is { } changed)
                    return changed;
                if (offset < version.Size)
                    window.Enqueue(ChunkAsync(part, version, offset, received, giveUp.Token));
            }

            return null;
        }
        finally
        {
            // When this method returns, no chunk writes to the part file any more.
            await giveUp.CancelAsync();
            await ((Task)Task.WhenAll(window)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task<FileChecksums> ChecksumsAsync(PartFile part, CancellationToken cancellation)
    {
        var here = part.ChecksumAsync(cancellation);
        var there = files.ChecksumAsync(name, cancellation);
        await Task.WhenAll(here, there);
        var (version, checksum) = await there;
        return new FileChecksums(version, checksum, await here);
    }

    private async Task<RemoteVersion?> ChunkAsync(
        PartFile part, RemoteVersion version, long offset, Action<int> received, CancellationToken cancellation)
    {
        var length = (int)Math.Min(options.ChunkSize, version.Size - offset);
        var (now, data) = await files.ReadAsync(name, offset, length, cancellation);
        if (now != version)
            return now;
        if (data.Length != length)
            throw new FileTransferException($"The server sent {data.Length} bytes of '{name}' from {offset} on, not {length}.");

        await part.WriteAsync(data, offset, cancellation);
        received(length);
        return null;
    }
}
