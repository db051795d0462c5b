using Microsoft.Extensions.Logging;

namespace Shortline.Grains;

internal sealed partial class ExternalServersGrain
{
    [LoggerMessage(2401, LogLevel.Information, "External server {Server} is placed on {Silo}")]
    private partial void LogPlaced(string server, string silo);

    [LoggerMessage(2402, LogLevel.Information, "External server {Server} has left")]
    private partial void LogLeft(string server);

    [LoggerMessage(2403, LogLevel.Warning, "External server {Server} is not taken: there are {Limit} already; {Suppressed} more since the last such line")]
    private partial void LogTooMany(string server, int limit, long suppressed);

    [LoggerMessage(2404, LogLevel.Warning,
        "External server {Server} is not taken: it reports from {Address}, which silos of other machines do not reach; have it report over the network. "
        + "{Suppressed} more since the last such line")]
    private partial void LogOutOfReach(string server, string address, long suppressed);

    [LoggerMessage(2405, LogLevel.Debug, "The grain of external server {Server} does not answer on {Silo}; the next report goes elsewhere")]
    private partial void LogNoAnswer(Exception failure, string server, string silo);

    [LoggerMessage(2406, LogLevel.Debug, "The balancer could not say which external servers there are; their next reports will")]
    private partial void LogNoRanking(Exception failure);
}
