using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Servers;

/// <summary>Pushes what became of requests after their receipt has said that a server works on them.</summary>
internal static partial class LateResponses
{
    /// <summary>How often they are pushed until the gateway has taken them.</summary>
    private const int Pushes = 3;

    /// <summary>
    /// Gives requests back that the server has not taken after all, because it was busy with another call or has ended. The gateway sends them
    /// to another server.
    /// </summary>
    public static Task GiveBack(IGatewayObserver gateway, string serverId, ReadOnlyMemory<ClientRequest> requests, ILogger log)
    {
        var responses = new ClientResponse[requests.Length];
        for (var i = 0; i < responses.Length; i++)
        {
            responses[i] = new ClientResponse
            {
                Ticket = requests.Span[i].Ticket,
                Status = ResponseStatus.Rejected,
                Reason = RejectReason.Draining,
            };
        }

        // Without an incarnation, so that nobody takes it for the state of the server.
        return Push(gateway, new ResponseBatch
        {
            ServerId = serverId,
            Incarnation = 0,
            Sequence = 0,
            QueueLength = 0,
            InService = 0,
            OfThisGateway = 0,
            Responses = responses,
            Bytes = default,
        }, log);
    }

    /// <summary>Pushes responses. It does not throw.</summary>
    public static async Task Push(IGatewayObserver gateway, ResponseBatch responses, ILogger log)
    {
        if (responses.Responses.Length == 0)
            return;

        for (var left = Pushes; left > 0; left--)
        {
            try
            {
                await gateway.OnResponses(responses).ConfigureAwait(false);
                return;
            }
            catch (Exception failure)
            {
                // The gateway may be gone, or the message lost.
                LogNotPushed(log, failure, responses.ServerId, responses.Responses.Length);
            }
        }
    }

    [LoggerMessage(2011, LogLevel.Debug, "{Responses} responses of server {Server}, which took long, could not be pushed to a gateway")]
    private static partial void LogNotPushed(ILogger logger, Exception failure, string server, int responses);
}
