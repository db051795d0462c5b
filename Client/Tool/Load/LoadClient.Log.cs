using System.Net;
using Microsoft.Extensions.Logging;
using Shortline.Client.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Load;

/// <content>Logs start, end and failures; failures at most once a second for each kind, successful requests never.</content>
internal sealed partial class LoadClient
{
    private void LogFailure(in EndedRequest request, in ResponseView response)
    {
        var kind = request.Answered ? ResponseStatuses.Name(response.Status) : "no answer";
        if (_log.IsEnabled(LogLevel.Warning) && _failures.TryPass(kind, out var suppressed))
        {
            var text = response.Error.IsEmpty ? response.ReasonText() : response.ErrorText();
            LogFailure(request.Id, string.IsNullOrEmpty(text) ? kind : $"{kind}, {text}", request.Sent, (long)request.Elapsed.TotalMilliseconds, suppressed);
        }
    }

    [LoggerMessage(10, LogLevel.Information, "Client {Id} sends over {Transport} from port {Port} to {Gateway}.")]
    private partial void LogStart(long id, ClientTransport transport, int port, IPEndPoint gateway);

    [LoggerMessage(
        11, LogLevel.Information, "Client {Id} ended: {Requests} requests, {Ok} ok, {NoAnswer} without an answer, {Throttled} throttled.")]
    private partial void LogEnd(long id, long requests, long ok, long noAnswer, long throttled);

    [LoggerMessage(12, LogLevel.Warning, "Request {RequestId}: {Outcome} (sent: {Sent}, {ElapsedMs} ms; {Suppressed} more of this kind since the last such line)")]
    private partial void LogFailure(long requestId, string outcome, int sent, long elapsedMs, long suppressed);
}
