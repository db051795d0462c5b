using System.Net;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces;

namespace Shortline.Grains;

internal sealed partial class ServerGrain
{
    [LoggerMessage(2001, LogLevel.Information, "Server {Server} started on {Silo}; its own port is {Port} (0: none)")]
    private static partial void LogStarted(ILogger logger, string server, string silo, int port);

    [LoggerMessage(2002, LogLevel.Information, "Server {Server} drains: {Waiting} waiting, {InService} in service")]
    private static partial void LogDraining(ILogger logger, string server, int waiting, int inService);

    [LoggerMessage(2003, LogLevel.Information, "Server {Server} stopped")]
    private static partial void LogStopped(ILogger logger, string server);

    [LoggerMessage(2004, LogLevel.Error, "Server {Server} failed: none of its handlers returns, its {Workers} workers hang")]
    private static partial void LogFailed(ILogger logger, string server, int workers);

    [LoggerMessage(2005, LogLevel.Warning, "Server {Server} killed")]
    private static partial void LogKilled(ILogger logger, string server);

    [LoggerMessage(2006, LogLevel.Debug, "Server {Server} could not push responses")]
    private static partial void LogPushFailed(ILogger logger, Exception fault, string server);

    [LoggerMessage(2007, LogLevel.Debug, "Server {Server} could not report")]
    private static partial void LogReportFailed(ILogger logger, Exception fault, string server);

    [LoggerMessage(2021, LogLevel.Information, "Server {Server} stands for the program at {Program}")]
    private static partial void LogProgram(ILogger logger, string server, IPEndPoint program);

    [LoggerMessage(2022, LogLevel.Warning, "Server {Server} gets nothing more: the program at {Program} is silent; {Waiting} requests waited, {InService} were in service")]
    private static partial void LogEjected(ILogger logger, string server, IPEndPoint program, int waiting, int inService);

    [LoggerMessage(2023, LogLevel.Information, "Server {Server} takes requests: the program at {Program} speaks")]
    private static partial void LogTakenBack(ILogger logger, string server, IPEndPoint program);

    [LoggerMessage(2024, LogLevel.Warning, "Server {Server} ends: the program at {Program} has been silent for too long")]
    private static partial void LogForgotten(ILogger logger, string server, IPEndPoint program);

    [LoggerMessage(2025, LogLevel.Warning,
        "Server {Server}: the program at {Address}:{Port} has the same identity as the one at {Program} and is not taken; {Suppressed} more since the last such line")]
    private static partial void LogOtherProgram(ILogger logger, string server, string address, int port, IPEndPoint program, long suppressed);

    private void LogStatus()
    {
        if (_server.Status == _logged)
            return;

        _logged = _server.Status;
        if (_logged == ServerStatus.Draining)
            LogDraining(_logger, _id, _server.QueueLength, _server.InService);
        else if (_logged == ServerStatus.Stopped)
            LogStopped(_logger, _id);
        else if (_logged == ServerStatus.Failed && _external is null)
            LogFailed(_logger, _id, _server.InService);
    }
}
