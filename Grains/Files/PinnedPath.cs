using Microsoft.Win32.SafeHandles;

namespace Shortline.Grains;

/// <summary>What was found at a path. Where the system can hold on to it, it stays the same whatever becomes of the path.</summary>
/// <param name="hold">What holds it; null where the system cannot.</param>
/// <param name="accessPath">The path to open it by.</param>
/// <param name="realPath">Where it really is: absolute, without links.</param>
/// <param name="kind">What it is.</param>
internal sealed class PinnedPath(SafeFileHandle? hold, string accessPath, string realPath, FileKind kind) : IDisposable
{
    public string AccessPath { get; } = accessPath;

    public string RealPath { get; } = realPath;

    public FileKind Kind { get; } = kind;

    /// <summary>Finds what is at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="trusted">The part of it whose links are nobody's but the server's.</param>
    /// <returns>It, or null if there is nothing that can be reached.</returns>
    public static PinnedPath? Find(string path, string trusted) =>
        OperatingSystem.IsLinux() ? LinuxPaths.Pin(path) : PortablePaths.Find(path, trusted);

    public void Dispose() => hold?.Dispose();
}
