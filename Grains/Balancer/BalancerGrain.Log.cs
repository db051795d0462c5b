using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

internal sealed partial class BalancerGrain
{
    [LoggerMessage(2201, LogLevel.Information, "Server {Server} is {Status}: {Waiting} waiting, {InService} in service")]
    private partial void LogServer(string server, ServerStatus status, int waiting, int inService);

    [LoggerMessage(2202, LogLevel.Information, "Removed from the ranking: {Servers}")]
    private partial void LogRemoved(string servers);

    [LoggerMessage(2203, LogLevel.Information, "The algorithm is {Algorithm} now; it was {Former}")]
    private partial void LogAlgorithm(string algorithm, string former);

    [LoggerMessage(2204, LogLevel.Warning, "The controller could not say which servers there are; their next reports will")]
    private partial void LogNotRebuilt();

    [LoggerMessage(2205, LogLevel.Debug, "The controller cannot say yet which servers there are")]
    private partial void LogNoFleet(Exception exception);
}
