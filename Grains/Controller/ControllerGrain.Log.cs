using Microsoft.Extensions.Logging;

namespace Shortline.Grains;

internal sealed partial class ControllerGrain
{
    /// <summary>An event of the fleet: in the log, and in its status.</summary>
    private void Note(string text, LogLevel level = LogLevel.Information)
    {
        _events.Add(text);
        LogEvent(level, Pool, text);
    }

    [LoggerMessage(EventId = 2301, Message = "Pool {Pool}: {Event}")]
    private partial void LogEvent(LogLevel level, string pool, string @event);

    [LoggerMessage(2302, LogLevel.Error, "Looking at the fleet failed; the next look makes up for it")]
    private partial void LogLookFailed(Exception exception);

    [LoggerMessage(2303, LogLevel.Warning, "Server {Server} could not be started")]
    private partial void LogNotStarted(Exception exception, string server);

    [LoggerMessage(2309, LogLevel.Warning, "The balancer could not be told that server {Server} is started; its reports will")]
    private partial void LogNotRegistered(Exception exception, string server);

    [LoggerMessage(2310, LogLevel.Warning, "Silo {Silo} could not say which servers it has; their next reports will")]
    private partial void LogNoServers(Exception exception, string silo);

    [LoggerMessage(2304, LogLevel.Debug, "Server {Server} does not answer")]
    private partial void LogNoAnswer(Exception exception, string server);

    [LoggerMessage(2305, LogLevel.Warning, "The balancer could not say which servers there are; their next reports will")]
    private partial void LogNoRanking(Exception exception);

    [LoggerMessage(2306, LogLevel.Warning, "The silos could not be counted; the last count stands")]
    private partial void LogNoSilos(Exception exception);

    [LoggerMessage(2308, LogLevel.Warning, "The balancer could not be told which servers are gone; the next look tells it")]
    private partial void LogNotRemoved(Exception exception);

    [LoggerMessage(2307, LogLevel.Warning, "The size of the fleet could not be saved")]
    private partial void LogNotSaved(Exception exception);
}
