using System.Net;
using Microsoft.Extensions.Logging;
using Shortline.Client;
using Shortline.Protocol.Responses;

namespace Shortline.Playground.Clients;

/// <content>Logs start, end and failures; failures at most once a second for each kind, successful requests never.</content>
internal sealed partial class PlayClient
{
    /// <summary>Logs the start.</summary>
    public void LogStart(int port, IPEndPoint gateway) => LogStart(Id, port, gateway);

    /// <summary>Logs the end with the totals.</summary>
    public void LogEnd()
    {
        var row = Row;
        LogEnd(Id, row.Ended, row.InFlight);
    }

    private void LogFailure(PlayRequest request, in Reply reply, TimeSpan elapsed)
    {
        var kind = reply.Status is { } status ? ResponseStatuses.Name(status) : "no answer";
        if (_log.IsEnabled(LogLevel.Warning) && _failures.TryPass(kind, out var suppressed))
            LogFailure(request.Text, AnswerText.Of(reply, elapsed), reply.TimesSent, suppressed);
    }

    [LoggerMessage(10, LogLevel.Information, "Client {Id} sends from port {Port} to {Gateway}.")]
    private partial void LogStart(long id, int port, IPEndPoint gateway);

    [LoggerMessage(11, LogLevel.Information, "Client {Id} ended: {Requests} requests, {InFlight} more without an answer.")]
    private partial void LogEnd(long id, long requests, long inFlight);

    [LoggerMessage(12, LogLevel.Warning, "Request {Request}: {Outcome} (sent: {Sent}; {Suppressed} more of this kind since the last such line)")]
    private partial void LogFailure(string request, string outcome, int sent, long suppressed);
}
