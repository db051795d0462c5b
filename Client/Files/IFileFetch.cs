namespace Shortline.Client;

/// <summary>Brings one file's bytes, in one way or another. Used by one download.</summary>
internal interface IFileFetch
{
    /// <summary>Bytes between the end of what is complete and the farthest byte that is written, at most.</summary>
    long Reach { get; }

    /// <summary>Brings what is missing.</summary>
    /// <param name="part">Where to; everything before <paramref name="offset"/> is there.</param>
    /// <param name="version">The file as it is to be.</param>
    /// <param name="offset">The first byte that is missing.</param>
    /// <param name="received">Told of bytes that were written.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null if all is here; else the file's new state.</returns>
    /// <exception cref="FileTransferException">It cannot be had.</exception>
    Task<RemoteVersion?> FetchAsync(PartFile part, RemoteVersion version, long offset, Action<int> received, CancellationToken cancellation);

    /// <summary>The SHA-256 of the whole, there and here, after all was brought.</summary>
    /// <exception cref="FileTransferException">It cannot be had.</exception>
    Task<FileChecksums> ChecksumsAsync(PartFile part, CancellationToken cancellation);
}
