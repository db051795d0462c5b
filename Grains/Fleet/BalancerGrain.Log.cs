using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Grains.Fleet;

internal sealed partial class BalancerGrain
{
    [LoggerMessage(2201, LogLevel.Information, "Server {Server} is {Status}: {Waiting} waiting, {InService} in service")]
    private partial void LogServer(string server, ServerStatus status, int waiting, int inService);

    [LoggerMessage(2202, LogLevel.Information, "Removed from the ranking: {Servers}")]
    private partial void LogRemoved(string servers);

    [LoggerMessage(2203, LogLevel.Information, "The algorithm is now {Algorithm}; it was {Former}")]
    private partial void LogAlgorithm(string algorithm, string former);

    [LoggerMessage(2204, LogLevel.Warning, "The controller does not know its servers yet: until it does, no ranking is published, and gateways keep the one they have")]
    private partial void LogNotRebuilt();

    [LoggerMessage(2205, LogLevel.Debug, "The controller cannot list the servers yet")]
    private partial void LogNoFleet(Exception exception);
}
