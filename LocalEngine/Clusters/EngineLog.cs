using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>What the engine logs.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(100, LogLevel.Information, "Silo {Silo} is active in cluster '{Cluster}'; silos in it: {Silos}")]
    public static partial void SiloStarted(this ILogger log, string silo, string cluster, int silos);

    [LoggerMessage(101, LogLevel.Information, "Silo {Silo} has stopped")]
    public static partial void SiloStopped(this ILogger log, string silo);

    [LoggerMessage(102, LogLevel.Error, "Grain {Grain} could not be activated")]
    public static partial void ActivationFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(103, LogLevel.Warning, "Grain {Grain} failed while it was deactivated")]
    public static partial void DeactivationFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(104, LogLevel.Warning, "A timer of grain {Grain} failed")]
    public static partial void TimerFailed(this ILogger log, Exception exception, GrainId grain);

    [LoggerMessage(107, LogLevel.Information, "Silo {Silo} ({Address}) has joined")]
    public static partial void SiloJoined(this ILogger log, string silo, string address);

    [LoggerMessage(108, LogLevel.Information, "Silo {Silo} ({Address}) has left")]
    public static partial void SiloLeft(this ILogger log, string silo, string address);

    [LoggerMessage(109, LogLevel.Warning, "Silo {Silo} ({Address}) has given no sign of life for {Seconds} s and is declared dead")]
    public static partial void SiloDeclaredDead(this ILogger log, string silo, string address, double seconds);

    [LoggerMessage(110, LogLevel.Critical, "Silo {Silo} was stopped for more than {Seconds} s: the others have declared it dead")]
    public static partial void ToldDead(this ILogger log, string silo, double seconds);

    [LoggerMessage(111, LogLevel.Error, "The folder of the cluster cannot be read or written; what is known stands until it can")]
    public static partial void LookFailed(this ILogger log, Exception exception);

    [LoggerMessage(113, LogLevel.Warning, "Something that a connection's reader ran has held it up for 0.1 s; another thread reads on. Grains must not block ({Peer})")]
    public static partial void ReaderHeldUp(this ILogger log, string peer);

    [LoggerMessage(112, LogLevel.Debug, "A connection was lost: {Reason} ({Peer})")]
    public static partial void ConnectionLost(this ILogger log, string reason, string peer);

    [LoggerMessage(105, LogLevel.Debug, "One-way call {Method} of {Grain} was lost or failed")]
    public static partial void OneWayFailed(this ILogger log, Exception exception, string method, GrainId grain);

    [LoggerMessage(106, LogLevel.Debug, "Observer failed in a notification and was removed")]
    public static partial void ObserverRemoved(this ILogger log, Exception exception);
}
