using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace Shortline.Hosting.Start;

/// <summary>
/// The lifetime of a program with a host: Ctrl-C, SIGTERM, SIGQUIT and SIGHUP (the terminal was closed) stop it gracefully, a second signal
/// ends the process at once.
/// </summary>
internal sealed class ProgramLifetime : ConsoleLifetime
{
    public ProgramLifetime(
        IOptions<ConsoleLifetimeOptions> options, IHostEnvironment environment, IHostApplicationLifetime application, IOptions<HostOptions> host)
        : base(options, environment, application, host)
    {
        // ConsoleLifetime handles the others.
        var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            application.StopApplication();
        });

        // ConsoleLifetime ignores signals while the host stops. Without its handlers they have their default effect, which ends the
        // process.
        application.ApplicationStopping.Register(Dispose);
        application.ApplicationStopping.Register(hangUp.Dispose);
    }
}
