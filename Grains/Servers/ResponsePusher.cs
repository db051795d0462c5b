using Microsoft.Extensions.Logging;

namespace Shortline.Grains.Servers;

/// <summary>Pushes a server's responses to its gateways, one batch at a time to each.</summary>
internal sealed partial class ResponsePusher(string id, Server server, TimeProvider time, ILogger logger)
{
    /// <summary>A gateway without a request here is forgotten after this many seconds of silence.</summary>
    private const int IdleGatewaySeconds = 60;

    /// <summary>Begins to push to every gateway for which there are responses.</summary>
    public void PushAll()
    {
        foreach (var gateway in server.Gateways.All)
        {
            if (gateway is { Responses.Count: > 0, IsPushing: false })
                _ = Push(gateway);
        }
    }

    /// <summary>Forgets the gateways that have been idle for a minute.</summary>
    public void ForgetIdleGateways() => server.Gateways.Forget(before: time.GetTimestamp() - IdleGatewaySeconds * time.TimestampFrequency);

    private async Task Push(GatewayOutbox gateway)
    {
        gateway.IsPushing = true;
        try
        {
            while (gateway.Responses.Count > 0)
                await gateway.ReplyTo.OnResponses(server.Seal(gateway.Responses, gateway));
        }
        catch (Exception failure)
        {
            // Best effort: the gateway's deadlines cover what is lost here.
            LogNotPushed(logger, failure, id);
        }
        finally
        {
            gateway.IsPushing = false;
        }
    }

    [LoggerMessage(2006, LogLevel.Debug, "Server {Server} could not push responses to a gateway")]
    private static partial void LogNotPushed(ILogger logger, Exception failure, string server);
}
