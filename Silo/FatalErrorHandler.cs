using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Start;

namespace Shortline.Silo;

/// <summary>
/// Ends a silo at once after a fatal error. The usual one is that the other silos declared it dead while it was paused: its servers run
/// elsewhere by then.
/// </summary>
internal sealed partial class FatalErrorHandler(ILoggerFactory loggers, IEnumerable<ILoggerProvider> outputs, ILocalSiloDetails silo) : IFatalErrorHandler
{
    private int _ending;

    public bool IsUnexpected(Exception exception) => exception is not ThreadInterruptedException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        if (Interlocked.Exchange(ref _ending, 1) != 0)
            return;
        Ending(loggers.CreateLogger(LogCategories.Silo(silo.Name)), exception, silo.Name, context ?? "no reason is known");

        // Providers write their last lines when they are disposed, and the factory does not dispose the ones that it was given. Only
        // Environment.Exit stops the grains.
        foreach (var output in outputs)
            output.Dispose();
        Environment.Exit(ProgramStart.Failed);
    }

    [LoggerMessage(1003, LogLevel.Critical,
        "Silo {Name} ends after a fatal error, usually because the other silos declared it dead while it did not answer them. Start it again. ({Reason})")]
    private static partial void Ending(ILogger log, Exception? exception, string name, string reason);
}
