namespace Shortline.Client.Files;

/// <summary>The options of a <see cref="FileDownload"/>.</summary>
public sealed record FileDownloadOptions
{
    /// <summary>Whether an existing file is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Over UDP: chunks in flight. More are faster as long as the servers have idle workers and the socket's receive buffer has room for
    /// the responses. 1 to 64.
    /// </summary>
    public int Window { get; init; } = 4;

    /// <summary>Over UDP: the size of a chunk in bytes. 1 to 43,008, the most that a server sends in one response.</summary>
    public int ChunkSize { get; init; } = 32 * 1024;
}
