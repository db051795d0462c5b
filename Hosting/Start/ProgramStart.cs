using System.Net.Sockets;
using Orleans.Runtime.MembershipService;

namespace Shortline.Hosting;

/// <summary>
/// How every program of Shortline starts and ends: settings or all their faults, a start that fails says why and exits 1, Ctrl-C and
/// SIGTERM end it gracefully, a second Ctrl-C at once.
/// </summary>
public static class ProgramStart
{
    /// <summary>The exit code of a program that could not start or failed.</summary>
    public const int Failed = 1;

    /// <summary>Reads the settings and runs the program with them.</summary>
    /// <param name="sources">Where settings are read from.</param>
    /// <param name="program">The program: gets valid settings and a token that asks it to end; returns the exit code.</param>
    /// <param name="error">Where faults are written; standard error unless told otherwise.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(SettingsSources sources, Func<SettingsResult, CancellationToken, Task<int>> program, TextWriter? error = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        return RunAsync(
            async stop =>
            {
                var result = SettingsReader.Read(sources);
                return result.IsValid ? await program(result, stop) : throw new StartFailedException(result.Describe());
            },
            error);
    }

    /// <summary>Runs a program that reads no settings, or reads them itself.</summary>
    /// <inheritdoc cref="RunAsync(SettingsSources, Func{SettingsResult, CancellationToken, Task{int}}, TextWriter?)"/>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> program, TextWriter? error = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        error ??= Console.Error;
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop);
        try
        {
            return await program(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception)
        {
            await error.WriteLineAsync(Explain(exception));
            return Failed;
        }
    }

    /// <summary>What the user is told: the reason alone if it is one of theirs, all there is to know if it is a fault of the program.</summary>
    internal static string Explain(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is StartFailedException)
                return cause.Message;
            if (cause is OrleansClusterConnectivityCheckFailedException)
            {
                return "The silo cannot join: not every silo of the cluster answers it. Either their ports cannot be reached from here or this silo's from there "
                    + "(cluster.address, cluster.silo_port_range_start), or they do not use TLS alike: all need a cluster.certificate of the same authority, or none. "
                    + $"The log says which ({cause.Message})";
            }

            if (cause is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
                return $"A port is taken by another program: {exception.Message} End that one, or choose another port (docs/configuration.md).";
        }

        return $"Unexpected: this is a fault of the program, please report it.\n{exception}";
    }
}
