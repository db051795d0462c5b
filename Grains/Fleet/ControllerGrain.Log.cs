using Microsoft.Extensions.Logging;

namespace Shortline.Grains.Fleet;

internal sealed partial class ControllerGrain
{
    /// <summary>Adds an event to the log and to the status of the fleet.</summary>
    private void Note(string text, LogLevel level = LogLevel.Information)
    {
        _events.Add(text);
        LogEvent(level, Pool, text);
    }

    [LoggerMessage(EventId = 2301, Message = "Pool {Pool}: {Text}")]
    private partial void LogEvent(LogLevel level, string pool, string text);

    [LoggerMessage(2302, LogLevel.Error, "Checking the fleet failed; the next check tries again")]
    private partial void LogLookFailed(Exception exception);

    [LoggerMessage(2303, LogLevel.Warning, "Server {Server} could not be started")]
    private partial void LogNotStarted(Exception exception, string server);

    [LoggerMessage(2309, LogLevel.Warning, "The balancer did not answer when {Servers} servers were registered; their reports will register them")]
    private partial void LogNotRegistered(Exception exception, int servers);

    [LoggerMessage(2310, LogLevel.Warning, "Silo {Silo} could not list its servers; their next reports will announce them")]
    private partial void LogNoServers(Exception exception, string silo);

    [LoggerMessage(2304, LogLevel.Debug, "Server {Server} does not answer")]
    private partial void LogNoAnswer(Exception exception, string server);

    [LoggerMessage(2305, LogLevel.Warning, "The balancer could not list the servers; their next reports will announce them")]
    private partial void LogNoRanking(Exception exception);

    [LoggerMessage(2306, LogLevel.Warning, "The silos could not be listed; the last list is used")]
    private partial void LogNoSilos(Exception exception);

    [LoggerMessage(2308, LogLevel.Warning, "The balancer did not respond when ended servers were removed; the next check tries again")]
    private partial void LogNotRemoved(Exception exception);

    [LoggerMessage(2307, LogLevel.Warning, "The size of the fleet could not be saved")]
    private partial void LogNotSaved(Exception exception);
}
