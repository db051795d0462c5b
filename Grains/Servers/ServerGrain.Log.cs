using Microsoft.Extensions.Logging;

namespace Shortline.Grains.Servers;

internal sealed partial class ServerGrain
{
    [LoggerMessage(2001, LogLevel.Information, "Server {Server} started on {Silo}; its own port is {Port} (0: none)")]
    private static partial void LogStarted(ILogger logger, string server, string silo, int port);

    [LoggerMessage(2005, LogLevel.Warning, "Server {Server} was killed")]
    private static partial void LogKilled(ILogger logger, string server);

    [LoggerMessage(2009, LogLevel.Error, "Server {Server} failed to finish some requests and goes on; they may be lost. Please report this error")]
    private static partial void LogTurnFailed(ILogger logger, Exception failure, string server);
}
