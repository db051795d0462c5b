using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Shortline.Hosting;

namespace Shortline.Silo;

/// <summary>
/// Ends a silo that cannot go on, at once: above all one that the others have declared dead while it was stopped. Its servers live
/// elsewhere by then.
/// </summary>
internal sealed partial class FatalEnd(ILoggerFactory loggers, IEnumerable<ILoggerProvider> outputs, ILocalSiloDetails silo) : IFatalErrorHandler
{
    private int _ending;

    public bool IsUnexpected(Exception exception) => exception is not ThreadInterruptedException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        if (Interlocked.Exchange(ref _ending, 1) != 0)
            return;
        Ending(loggers.CreateLogger(LogCategories.Silo(silo.Name)), exception, silo.Name, context ?? "no reason is known");

        // They write their last lines when they are disposed of; the factory does not do that to those it was given. Leaving then by any door but this one
        // would let grains work on.
        foreach (var output in outputs)
            output.Dispose();
        Environment.Exit(ProgramStart.Failed);
    }

    [LoggerMessage(1003, LogLevel.Critical,
        "Silo {Name} ends: it cannot go on, usually because the others have declared it dead while it did not answer them. Start it again. ({Reason})")]
    private static partial void Ending(ILogger log, Exception? exception, string name, string reason);
}
