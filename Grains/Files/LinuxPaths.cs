using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Shortline.Grains.Files;

/// <summary>
/// Keeps hold of what is at a path without opening it (<c>O_PATH</c>): a pipe does not block and a device is not touched. What is opened
/// later through <c>/proc/self/fd</c> is what was checked, even if a link on the path is swapped meanwhile.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxPaths
{
    private const int PathOnly = 0x200000; // O_PATH
    private const int CloseOnExecute = 0x80000; // O_CLOEXEC
    private const int OfTheHandle = 0x1000; // AT_EMPTY_PATH
    private const uint TypeAlone = 1; // STATX_TYPE
    private const int Interrupted = 4; // EINTR

    // struct statx has the same layout on every architecture: 256 bytes, stx_mode at 28.
    private const int StatusSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG
    private const int Directory = 0x4000; // S_IFDIR

    public static PinnedPath? Pin(string path)
    {
        var hold = Open(path, PathOnly | CloseOnExecute);
        while (hold.IsInvalid && Marshal.GetLastPInvokeError() == Interrupted)
            hold = Open(path, PathOnly | CloseOnExecute);
        if (hold.IsInvalid)
            return null;

        var accessPath = $"/proc/self/fd/{hold.DangerousGetHandle()}";
        if (new FileInfo(accessPath).LinkTarget is { } realPath)
            return new PinnedPath(hold, accessPath, realPath, KindOf(hold));

        hold.Dispose();
        return null;
    }

    private static FileKind KindOf(SafeFileHandle hold)
    {
        var status = stackalloc byte[StatusSize];
        if (Status(hold, "", OfTheHandle, TypeAlone, status) != 0)
            return FileKind.Other;
        return (*(ushort*)(status + ModeOffset) & TypeMask) switch
        {
            Regular => FileKind.File,
            Directory => FileKind.Directory,
            _ => FileKind.Other,
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(SafeFileHandle directory, string path, int flags, uint mask, byte* status);
}
