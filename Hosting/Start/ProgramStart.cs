using System.Net.Sockets;
using Orleans.Runtime.MembershipService;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sources;

namespace Shortline.Hosting.Start;

/// <summary>
/// How every program of Shortline starts. Wrong settings and a start that fails are reported in one message on standard error, and the
/// exit code is 1; that of a wrong command line is 2.
/// </summary>
public static class ProgramStart
{
    /// <summary>The exit code of a program that could not start or failed.</summary>
    public const int Failed = 1;

    /// <summary>The exit code if the command line is wrong. Wrong settings, also on the command line, have <see cref="Failed"/>.</summary>
    public const int WrongUsage = 2;

    /// <summary>Reads the settings and runs the program with them.</summary>
    /// <param name="sources">Where settings are read from.</param>
    /// <param name="program">The program. It gets valid settings and returns the exit code.</param>
    /// <param name="error">Where faults are written; null for standard error.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(SettingsSources sources, Func<SettingsResult, Task<int>> program, TextWriter? error = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        return RunAsync(
            () =>
            {
                var result = SettingsReader.Read(sources);
                return result.IsValid ? program(result) : throw new StartFailedException(result.Describe());
            },
            error);
    }

    /// <summary>Runs a program that reads no settings, or reads them itself.</summary>
    /// <inheritdoc cref="RunAsync(SettingsSources, Func{SettingsResult, Task{int}}, TextWriter?)"/>
    public static async Task<int> RunAsync(Func<Task<int>> program, TextWriter? error = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        try
        {
            return await program();
        }
        catch (Exception exception)
        {
            await ReportAsync(exception, error ?? Console.Error);
            return Failed;
        }
    }

    private static async Task ReportAsync(Exception exception, TextWriter error)
    {
        if (exception is OutputException { IsClosed: true })
            return;
        try
        {
            await error.WriteLineAsync(Explain(exception));
        }
        catch (IOException)
        {
            // Nobody reads standard error, or the disk that it goes to is full. The exit code tells.
        }
    }

    /// <summary>What the user reads: only the reason if the user can remove it, otherwise the whole exception.</summary>
    internal static string Explain(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is StartFailedException)
                return cause.Message;
            if (cause is OutputException)
                return $"Standard output cannot be written: {cause.Message}.";
            if (cause is OrleansClusterConnectivityCheckFailedException)
            {
                return "The silo cannot join: not every silo of the cluster answers it. Either their ports cannot be reached from here or this silo's from there "
                    + "(cluster.address, cluster.silo_port_range_start), or they do not use TLS alike: all need a cluster.certificate of the same authority, or none. "
                    + $"The log says which ({cause.Message})";
            }

            if (cause is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
                return $"Another program uses a port: {exception.Message} Stop that program, or choose another port (docs/configuration.md).";
        }

        return $"Unexpected error, which is a fault of the program. Please report it.\n{exception}";
    }
}
