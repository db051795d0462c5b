using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Grains.Servers;

/// <summary>Pushes responses of a server that come too late for the receipt of their requests.</summary>
internal static partial class LateResponses
{
    /// <summary>How often they are pushed until the gateway has taken them.</summary>
    private const int Pushes = 3;

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
