using System.Runtime.InteropServices;

namespace Shortline.Hosting;

/// <summary>
/// A folder for this user alone, in a place where others may make files too. One that is there already and belongs to somebody else is
/// not used: they could make files vanish, or put links in their place.
/// </summary>
internal static partial class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it, or makes sure that it is one.</summary>
    /// <exception cref="StartFailedException">It is another user's.</exception>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path); // Its temporary folder is the user's own.
            return;
        }

        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            if (new DirectoryInfo(path).LinkTarget is not null || !IsOwn(path))
                throw Foreign(path, null);

            // Only an owner may; for root it is checked above.
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
        $"The folder {path} is not this user's own or cannot be used, and silos keep there which ports they have. Remove it, or set TMPDIR to "
        + "a folder of your own.",
        cause!);

    // statx(2): its structure is the same on all machines, unlike that of stat(2).
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
