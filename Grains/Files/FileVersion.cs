namespace Shortline.Grains;

/// <summary>What tells one state of a file from another.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When it was written last, UTC.</param>
internal readonly record struct FileVersion(long Size, DateTime Modified);
