using Microsoft.Extensions.Logging;

namespace Shortline.Client.Tool.Load;

/// <content>Logs start and end of the run.</content>
public sealed partial class LoadDriver
{
    [LoggerMessage(1, LogLevel.Information, "{Clients} clients send {Operation} over {Transport} to {Gateways}, from port {FirstPort} on.")]
    private partial void LogStart(int clients, string operation, ClientTransport transport, string gateways, int firstPort);

    [LoggerMessage(
        2,
        LogLevel.Information,
        "Ended: {Started} requests, {Ok} ok, {NoAnswer} without an answer, {Throttled} throttled, {NotSent} not sent; "
        + "{Left} were in flight at the end.")]
    private partial void LogEnd(long started, long ok, long noAnswer, long throttled, long notSent, int left);
}
