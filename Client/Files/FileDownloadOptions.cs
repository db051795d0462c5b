namespace Shortline.Client;

/// <summary>What a <see cref="FileDownload"/> may do, and how fast.</summary>
public sealed record FileDownloadOptions
{
    /// <summary>Whether a file that is there already is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Over UDP: chunks asked for at once. More are faster while the servers have workers that are free and the receive buffer of the socket has room
    /// for the answers. 1 to 64.
    /// </summary>
    public int Window { get; init; } = 4;

    /// <summary>Over UDP: bytes of a chunk. 1 to 43,008, the most that a server sends at once.</summary>
    public int ChunkSize { get; init; } = 32 * 1024;
}
