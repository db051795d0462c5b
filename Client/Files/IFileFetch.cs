namespace Shortline.Client.Files;

/// <summary>Fetches the bytes of one file for one download.</summary>
internal interface IFileFetch
{
    /// <summary>The largest distance in bytes between the end of the complete part and the farthest byte written.</summary>
    long Reach { get; }

    /// <summary>Fetches the missing bytes.</summary>
    /// <param name="part">The target; it is complete up to <paramref name="offset"/>.</param>
    /// <param name="version">The expected version of the file.</param>
    /// <param name="offset">The first byte that is missing.</param>
    /// <param name="received">Called with the number of bytes after each write.</param>
    /// <param name="cancellation">Cancels the fetch.</param>
    /// <returns>Null if the file is complete; the new version if the file has changed.</returns>
    /// <exception cref="FileTransferException">The file cannot be fetched.</exception>
    Task<RemoteVersion?> FetchAsync(PartFile part, RemoteVersion version, long offset, Action<int> received, CancellationToken cancellation);

    /// <summary>The SHA-256 of the whole file on the server and here, after all bytes were fetched.</summary>
    /// <exception cref="FileTransferException">The file cannot be fetched.</exception>
    Task<FileChecksums> ChecksumsAsync(PartFile part, CancellationToken cancellation);
}

/// <summary>The checksums of a downloaded file: SHA-256 as lower-case hexadecimal digits.</summary>
/// <param name="Version">The version of the server's file.</param>
/// <param name="There">The checksum of the server's file.</param>
/// <param name="Here">The checksum of the downloaded file.</param>
internal sealed record FileChecksums(RemoteVersion Version, string There, string Here);
