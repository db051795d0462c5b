namespace Shortline.Client;

/// <summary>How far a <see cref="FileDownload"/> is.</summary>
/// <param name="Size">Bytes of the file; 0 until that is known.</param>
/// <param name="Received">Bytes that are here, those of an earlier download included.</param>
/// <param name="Resumed">Bytes of them that an earlier download had received.</param>
/// <param name="Restarts">How often it began anew, because the file had changed or what an earlier download left was damaged.</param>
/// <param name="Verifying">Whether all is here and the checksum is being compared.</param>
public readonly record struct FileDownloadProgress(long Size, long Received, long Resumed, int Restarts, bool Verifying);
