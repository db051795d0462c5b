namespace Shortline.LocalEngine;

/// <summary>The name of a storage that a silo has; registered once for each.</summary>
internal sealed record MemoryStorageName(string Name);
