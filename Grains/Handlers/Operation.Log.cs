using Microsoft.Extensions.Logging;

namespace Shortline.Grains.Handlers;

internal sealed partial class Operation
{
    [LoggerMessage(2101, LogLevel.Warning, "The handler of operation '{Operation}' threw an exception ({Unlogged} more since the last message)")]
    private static partial void LogFailed(ILogger logger, Exception fault, string operation, long unlogged);
}
