using Microsoft.Extensions.Logging;
using Shortline.Gateway.Udp;

namespace Shortline.Gateway.Requests;

/// <content>The log messages of the dispatcher.</content>
internal sealed partial class Dispatcher
{
    /// <summary>Messages of one kind are logged at most once in this time. The next one tells how many were suppressed.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Warning, "Invalid request ({Reason}) from {Peer}; {Suppressed} more of this kind since the last such line")]
        public static partial void Invalid(ILogger log, string reason, PeerAddress peer, long suppressed);

        [LoggerMessage(3002, LogLevel.Warning, "Server {Server} cannot be reached: {Failure}; {Suppressed} more such failures since the last such line")]
        public static partial void CallFailed(ILogger log, string server, string failure, long suppressed);

        [LoggerMessage(3004, LogLevel.Warning, "A call to server {Server} has not returned for {SinceMs:F0} ms: its {InFlight} requests go to other servers until it responds; {Suppressed} more such calls since the last such line")]
        public static partial void NoAnswer(ILogger log, string server, double sinceMs, int inFlight, long suppressed);

        [LoggerMessage(3009, LogLevel.Error, "The gateway failed to handle a call to server {Server} and goes on; requests of this moment may be lost. Please report this error")]
        public static partial void CallsGoOn(ILogger log, Exception fault, string server);

        [LoggerMessage(3005, LogLevel.Debug, "The probe of server {Server} failed: {Failure}")]
        public static partial void ProbeFailed(ILogger log, string server, string failure);

        [LoggerMessage(3008, LogLevel.Warning, "Server {Server} is gone: {Given} of its requests go to other servers, {Lost} are lost because they must not run twice; {Suppressed} more such servers since the last such line")]
        public static partial void Gone(ILogger log, string server, int given, int lost, long suppressed);

        [LoggerMessage(3006, LogLevel.Warning, "Server {Server} is ejected after {Failures} failures in a row: it gets no requests for a while")]
        public static partial void Ejected(ILogger log, string server, int failures);

        [LoggerMessage(3007, LogLevel.Information, "Server {Server} works again")]
        public static partial void Readmitted(ILogger log, string server);

        [LoggerMessage(3003, LogLevel.Warning, "Server {Server} has {InFlight} requests and has completed none for {SinceMs:F0} ms: it gets no more until it completes one; {Suppressed} more such servers since the last such line")]
        public static partial void Stalled(ILogger log, string server, int inFlight, double sinceMs, long suppressed);
    }
}
