namespace Shortline.Grains.Files;

/// <summary>
/// Finds what is at a path, for systems that cannot keep hold of it. A link after the trusted part of the path is refused, because its
/// target may change before it is opened.
/// </summary>
internal static class PortablePaths
{
    public static PinnedPath? Find(string path, string trusted)
    {
        var real = Path.GetFullPath(path);
        for (var part = real; part?.Length > trusted.Length; part = Path.GetDirectoryName(part))
        {
            if (!TryGetAttributes(part, out var attributes) || attributes.HasFlag(FileAttributes.ReparsePoint))
                return null;
        }

        return TryGetAttributes(real, out var own) ? new PinnedPath(null, real, real, KindOf(real, own)) : null;
    }

    // Pipes and devices have no length, and opening a pipe would block. Empty files have none either, so they are refused as well.
    private static FileKind KindOf(string path, FileAttributes attributes) =>
        attributes.HasFlag(FileAttributes.Directory) ? FileKind.Directory
        : attributes.HasFlag(FileAttributes.Device) ? FileKind.Other
        : OperatingSystem.IsWindows() || new FileInfo(path) is { Exists: true, Length: > 0 } ? FileKind.File
        : FileKind.Other;

    private static bool TryGetAttributes(string path, out FileAttributes attributes)
    {
        attributes = default;
        try
        {
            attributes = File.GetAttributes(path);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
