using Microsoft.Extensions.Logging;

namespace Shortline.Grains.ExternalServers;

internal sealed partial class ExternalServersGrain
{
    [LoggerMessage(2401, LogLevel.Information, "External server {Server} is placed on {Silo}")]
    private partial void LogPlaced(string server, string silo);

    [LoggerMessage(2402, LogLevel.Information, "External server {Server} has left")]
    private partial void LogLeft(string server);

    [LoggerMessage(2403, LogLevel.Warning, "External server {Server} is refused: there are {Limit} already; {Suppressed} more refusals since the last message")]
    private partial void LogTooMany(string server, int limit, long suppressed);

    [LoggerMessage(2404, LogLevel.Warning,
        "External server {Server} is refused: it reports from {Address}, which silos on other machines cannot reach; have it report over the network. "
        + "{Suppressed} more refusals since the last message")]
    private partial void LogOutOfReach(string server, string address, long suppressed);

    [LoggerMessage(2405, LogLevel.Debug, "The grain of external server {Server} does not answer on {Silo}; its next report places it on another silo")]
    private partial void LogNoAnswer(Exception failure, string server, string silo);

    [LoggerMessage(2406, LogLevel.Debug, "The balancer could not list the external servers; their next reports will announce them")]
    private partial void LogNoRanking(Exception failure);
}
