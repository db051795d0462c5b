using Microsoft.Extensions.Logging;

namespace Shortline.Grains.Servers;

internal sealed partial class ServerReporter
{
    [LoggerMessage(2002, LogLevel.Information, "Server {Server} is draining: {Waiting} requests wait, {InService} are in service")]
    private static partial void LogDraining(ILogger logger, string server, int waiting, int inService);

    [LoggerMessage(2003, LogLevel.Information, "Server {Server} stopped")]
    private static partial void LogStopped(ILogger logger, string server);

    [LoggerMessage(2004, LogLevel.Error, "Server {Server} failed: none of its handlers returns, all {Workers} workers hang")]
    private static partial void LogFailed(ILogger logger, string server, int workers);

    [LoggerMessage(2007, LogLevel.Debug, "Server {Server} could not report to its balancer")]
    private static partial void LogNotReported(ILogger logger, Exception failure, string server);
}
