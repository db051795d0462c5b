namespace Shortline.Client;

/// <summary>What is noted beside an unfinished download, so that it can be resumed.</summary>
/// <param name="Name">The file's name on the servers.</param>
/// <param name="Size">Bytes of it.</param>
/// <param name="Modified">When it was written last.</param>
/// <param name="Reach">
/// Bytes between the end of what is complete and the farthest byte that is written, at most: those of the chunks asked for at once.
/// </param>
internal sealed record PartNote(string Name, long Size, string Modified, long Reach);
