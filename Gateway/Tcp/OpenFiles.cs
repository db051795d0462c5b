using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Shortline.Gateway.Tcp;

/// <summary>
/// How many files, sockets included, this process may have open. Connections leave a reserve: a process that cannot open a file fails
/// everywhere at once, and .NET ends it.
/// </summary>
/// <param name="limit">The number of files that may be open at the same time.</param>
internal sealed partial class OpenFiles(int limit)
{
    /// <summary>Files that are kept for other things than connections: logs, the database, other silos, files for clients.</summary>
    private const int MostReserved = 256;

    /// <summary><c>RLIMIT_NOFILE</c> on Linux.</summary>
    private const int OpenFilesResource = 7;

    /// <summary>The limit of this process. .NET raises it to the hard limit at the start.</summary>
    public static OpenFiles OfThisProcess { get; } = new(ReadLimit());

    /// <summary>The number of files that may be open at the same time.</summary>
    public int Limit => limit;

    /// <summary>How many of them may be open before connections are turned away.</summary>
    public int BeforeReserve => limit - Math.Min(MostReserved, limit / 4);

    /// <summary>
    /// Whether so few files are left that a new connection must be turned away. The system gives each file the lowest free number, so the
    /// number of the newest socket shows how many are open.
    /// </summary>
    public bool AreScarce(Socket newest) => newest.Handle >= BeforeReserve;

    private static int ReadLimit() =>
        OperatingSystem.IsLinux() && GetLimit(OpenFilesResource, out var limit) == 0 ? (int)Math.Min(limit.Current, int.MaxValue) : int.MaxValue;

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        public readonly nuint Current;
        public readonly nuint Most;
    }
}
