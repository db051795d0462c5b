namespace Shortline.Client;

/// <summary>What tells one state of a served file from another.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When it was written last, as the server says it.</param>
internal sealed record RemoteVersion(long Size, string Modified);
