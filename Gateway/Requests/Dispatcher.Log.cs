using Microsoft.Extensions.Logging;

namespace Shortline.Gateway.Requests;

/// <content>The log messages of the dispatcher.</content>
internal sealed partial class Dispatcher
{
    private static partial class Log
    {
        [LoggerMessage(3002, LogLevel.Warning, "Server {Server} cannot be reached: {Failure}; {Suppressed} more such failures since the last such line")]
        public static partial void CallFailed(ILogger log, string server, string failure, long suppressed);

        [LoggerMessage(3008, LogLevel.Warning, "Server {Server} is gone: {Given} of its requests go to other servers, {Lost} are lost because they must not run twice; {Suppressed} more such servers since the last such line")]
        public static partial void Gone(ILogger log, string server, int given, int lost, long suppressed);

        [LoggerMessage(3009, LogLevel.Error, "The gateway failed to handle a call to server {Server} and goes on; requests of this moment may be lost. Please report this error")]
        public static partial void CallsGoOn(ILogger log, Exception fault, string server);
    }
}
