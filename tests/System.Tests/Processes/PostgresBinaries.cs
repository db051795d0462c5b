using System.Diagnostics;

namespace Shortline.System.Tests.Processes;

/// <summary>The installed programs of PostgreSQL, and how they are started: its server refuses to run as root.</summary>
internal static class PostgresBinaries
{
    // Debian's package creates this account. Any account other than root would do.
    private const string ServerAccount = "postgres";

    // Debian has them here, other systems on the path.
    private const string DebianFolder = "/usr/lib/postgresql";

    private static readonly Lazy<string> Folder = new(Find);

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>Describes the start of a program as the user that runs the tests.</summary>
    public static ProcessStartInfo Of(string program, params IEnumerable<string> arguments) =>
        Start(Path.Combine(Folder.Value, program), arguments);

    /// <summary>
    /// Describes the start of a program as an account that is not root. <c>setpriv</c> replaces itself by the program, so the process id is
    /// the program's.
    /// </summary>
    public static ProcessStartInfo Unprivileged(string program, params IEnumerable<string> arguments) => IsRoot
        ? Start("setpriv", [$"--reuid={ServerAccount}", $"--regid={ServerAccount}", "--clear-groups", Path.Combine(Folder.Value, program), .. arguments])
        : Of(program, arguments);

    /// <summary>Changes the owner of files and folders to the account of <see cref="Unprivileged"/>.</summary>
    public static async Task GiveToServer(params IEnumerable<string> paths)
    {
        if (!IsRoot)
            return;
        using var chown = Process.Start("chown", [$"{ServerAccount}:{ServerAccount}", .. paths]);
        await chown.WaitForExitAsync();
        if (chown.ExitCode != 0)
            throw new InvalidOperationException($"There is no account {ServerAccount}: install Debian's package postgresql.");
    }

    private static ProcessStartInfo Start(string file, IEnumerable<string> arguments) => new(file, arguments)
    {
        UseShellExecute = false,
        WorkingDirectory = Path.GetTempPath(),
        RedirectStandardError = true,
    };

    private static string Find()
    {
        var installed = Directory.Exists(DebianFolder) ? Directory.GetDirectories(DebianFolder) : [];
        var folders = installed
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException(
                "These tests start a PostgreSQL server, and its programs are not installed (Debian: apt-get install postgresql; .ci/run does it).");
    }
}
