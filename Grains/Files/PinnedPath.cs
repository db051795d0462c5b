using Microsoft.Win32.SafeHandles;

namespace Shortline.Grains.Files;

/// <summary>
/// A file or directory that was found at a path. Where the system allows it, a handle keeps hold of it, whatever happens to the path later.
/// </summary>
/// <param name="hold">The handle; null where the system has none of this kind.</param>
/// <param name="accessPath">The path to open it by.</param>
/// <param name="realPath">Its real path: absolute, without links.</param>
/// <param name="kind">Its kind.</param>
internal sealed class PinnedPath(SafeFileHandle? hold, string accessPath, string realPath, FileKind kind) : IDisposable
{
    public string AccessPath { get; } = accessPath;

    public string RealPath { get; } = realPath;

    public FileKind Kind { get; } = kind;

    /// <summary>Finds the file or directory at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="trusted">The beginning of the path in which only the operator can make links.</param>
    /// <returns>The file or directory, or null if nothing can be reached there.</returns>
    public static PinnedPath? Find(string path, string trusted) =>
        OperatingSystem.IsLinux() ? LinuxPaths.Pin(path) : PortablePaths.Find(path, trusted);

    public void Dispose() => hold?.Dispose();
}

/// <summary>The kinds of what is at a path, as far as clients may know.</summary>
internal enum FileKind
{
    /// <summary>Anything else: a pipe, a socket, a device.</summary>
    Other = 0,

    /// <summary>A regular file.</summary>
    File = 1,

    /// <summary>A directory.</summary>
    Directory = 2,
}
