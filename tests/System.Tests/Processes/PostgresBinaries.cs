using System.Diagnostics;

namespace Shortline.System.Tests.Processes;

/// <summary>The installed programs of PostgreSQL, and how they are started: its server refuses to run as root.</summary>
internal static class PostgresBinaries
{
    // Made by Debian's package for this; any account without rights would do.
    private const string ServerAccount = "postgres";

    // Where Debian has them; other systems have them on the path.
    private const string DebianFolder = "/usr/lib/postgresql";

    private static readonly Lazy<string> Folder = new(Find);

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>How to start a program as whoever runs the tests.</summary>
    public static ProcessStartInfo Of(string program, params IEnumerable<string> arguments) =>
        Start(Path.Combine(Folder.Value, program), arguments);

    /// <summary>How to start a program as an account that is not root. It is executed in place, so that the process is the program's own.</summary>
    public static ProcessStartInfo Unprivileged(string program, params IEnumerable<string> arguments) => IsRoot
        ? Start("setpriv", [$"--reuid={ServerAccount}", $"--regid={ServerAccount}", "--clear-groups", Path.Combine(Folder.Value, program), .. arguments])
        : Of(program, arguments);

    /// <summary>Makes files and folders those of the account of <see cref="Unprivileged"/>.</summary>
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
                "These tests start a PostgreSQL, and its programs are not installed (Debian: apt-get install postgresql; .ci/run does it).");
    }
}
