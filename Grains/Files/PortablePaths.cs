namespace Shortline.Grains;

/// <summary>
/// What is at a path, for systems that cannot hold on to it. A link behind the trusted part is nothing that can be reached, because where
/// it leads may change before it is opened.
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

    // Pipes and devices have no length. Nor have empty files, and those are left out with them: opening a pipe would block.
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
