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

    [LoggerMessage(105, LogLevel.Debug, "One-way call {Method} of {Grain} was lost or failed")]
    public static partial void OneWayFailed(this ILogger log, Exception exception, string method, GrainId grain);

    [LoggerMessage(106, LogLevel.Debug, "Observer failed in a notification and was removed")]
    public static partial void ObserverRemoved(this ILogger log, Exception exception);
}
