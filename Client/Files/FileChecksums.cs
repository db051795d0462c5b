namespace Shortline.Client;

/// <summary>Checksums of a file that has arrived.</summary>
/// <param name="Version">The file that the server's is of.</param>
/// <param name="There">The server's.</param>
/// <param name="Here">That of what is here.</param>
internal sealed record FileChecksums(RemoteVersion Version, string There, string Here);
