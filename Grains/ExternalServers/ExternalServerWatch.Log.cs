using Microsoft.Extensions.Logging;

namespace Shortline.Grains.ExternalServers;

internal sealed partial class ExternalServerWatch
{
    [LoggerMessage(2021, LogLevel.Information, "Server {Server} forwards to the external server at {EndPoint}")]
    private static partial void LogBegun(ILogger logger, string server, ExternalServerEndPoint endPoint);

    [LoggerMessage(2022, LogLevel.Warning,
        "Server {Server} is ejected: the external server at {EndPoint} is silent; {Waiting} requests waited, {InService} were in service")]
    private static partial void LogEjected(ILogger logger, string server, ExternalServerEndPoint endPoint, int waiting, int inService);

    [LoggerMessage(2023, LogLevel.Information, "Server {Server} is readmitted: the external server at {EndPoint} answers")]
    private static partial void LogReadmitted(ILogger logger, string server, ExternalServerEndPoint endPoint);

    [LoggerMessage(2024, LogLevel.Warning, "Server {Server} ends: the external server at {EndPoint} has been silent for too long")]
    private static partial void LogForgotten(ILogger logger, string server, ExternalServerEndPoint endPoint);

    [LoggerMessage(2025, LogLevel.Warning,
        "Server {Server}: reports from {Address}:{Port} are ignored, because the external server at {EndPoint} has the same identity; "
        + "{Suppressed} more such reports since the last message")]
    private static partial void LogConflict(ILogger logger, string server, string address, int port, ExternalServerEndPoint endPoint, long suppressed);
}
