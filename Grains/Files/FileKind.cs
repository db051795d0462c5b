namespace Shortline.Grains;

/// <summary>What stands at a path, as far as clients may know.</summary>
internal enum FileKind
{
    /// <summary>Neither of the others: a pipe, a socket, a device.</summary>
    Other = 0,

    /// <summary>A regular file.</summary>
    File = 1,

    /// <summary>A directory.</summary>
    Directory = 2,
}
