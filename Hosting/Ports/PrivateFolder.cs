using System.Runtime.InteropServices;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Ports;

/// <summary>
/// A folder that only this user can read and write. It may lie below a folder that every user can write, such as the temporary folder, so a
/// folder of another user is refused: its owner could remove files or replace them by links.
/// </summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder, or checks the existing one.</summary>
    /// <exception cref="StartFailedException">The folder belongs to another user or cannot be made.</exception>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path); // On Windows the user's folders are private already.
            return;
        }

        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            if (new DirectoryInfo(path).LinkTarget is not null || !IsOwn(path))
                throw Foreign(path, null);

            // Only the owner may change the mode. Root may too, so IsOwn has checked the owner above.
            File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Foreign(path, failure);
        }
    }

    private static bool IsOwn(string path)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        var status = new byte[StatusSize];
        return GetStatus(-100, path, NoFollow, OwnerWanted, status) != 0 || BitConverter.ToUInt32(status, OwnerOffset) == GetUser();
    }

    private static StartFailedException Foreign(string path, Exception? cause) => new(
        $"The folder {path} cannot be used: {cause?.Message.TrimEnd('.') ?? "it belongs to another user"}. Silos keep files there. Make it a folder that this user owns and can "
        + "write, or choose another folder: cluster.folder for the cluster, the environment variable TMPDIR for the locks of ports.",
        cause!);

    // statx(2), because its structure is the same on all processors, unlike that of stat(2).
    private const int StatusSize = 256;
    private const int OwnerOffset = 20;
    private const uint OwnerWanted = 8;
    private const int NoFollow = 0x100;

    [DllImport("libc", EntryPoint = "statx", CharSet = CharSet.Ansi)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetStatus(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted, byte[] status);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetUser();
}
