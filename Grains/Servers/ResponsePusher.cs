using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.Grains.Servers;

/// <summary>
/// Pushes a server's responses to its gateways. Responses that are added during a push leave together with the next one. A push that the
/// gateway does not acknowledge is repeated, because it may have been lost with the silo through which it went; the gateway ignores
/// responses that it has already.
/// </summary>
internal sealed partial class ResponsePusher(string id, Server server, TimeProvider time, ILogger logger)
{
    /// <summary>How often a batch is pushed at most. The wait doubles each time, so that all attempts take about four seconds.</summary>
    internal const int Attempts = 4;

    /// <summary>How long the first attempt may take. Usually it takes less than a millisecond.</summary>
    internal static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the next responses wait for the acknowledgement of these, so that one lost push does not delay them much.</summary>
    internal static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(50);

    private readonly List<GatewayOutbox> _begun = [];

    /// <summary>Begins to push to every gateway for which there are responses. Called on the grain's turn, without the server's lock.</summary>
    public void PushAll()
    {
        lock (server.Lock)
        {
            foreach (var gateway in server.Gateways.All)
            {
                if (gateway is { Responses.Count: > 0, IsPushing: false })
                {
                    gateway.IsPushing = true;
                    _begun.Add(gateway);
                }
            }
        }

        foreach (var gateway in _begun)
            _ = Push(gateway);
        _begun.Clear();
    }

    private async Task Push(GatewayOutbox gateway)
    {
        while (TryTake(gateway, out var batch))
        {
            await Deliver(gateway, batch).WaitAsync(LeastInterval, time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private bool TryTake(GatewayOutbox gateway, out ResponseBatch batch)
    {
        lock (server.Lock)
        {
            gateway.IsPushing = gateway.Responses.Count > 0;
            batch = gateway.IsPushing ? server.Seal(gateway.Responses, gateway) : default;
            return gateway.IsPushing;
        }
    }

    /// <summary>Pushes a batch until the gateway acknowledges it.</summary>
    private async Task Deliver(GatewayOutbox gateway, ResponseBatch batch)
    {
        var wait = FirstWait;
        for (var attempt = 1; attempt <= Attempts; attempt++, wait *= 2)
        {
            try
            {
                await gateway.ReplyTo.OnResponses(batch).WaitAsync(wait, time);
                return;
            }
            catch (TimeoutException)
            {
                // Lost, or the gateway or this silo is very busy.
            }
            catch (Exception failure)
            {
                LogNotPushed(logger, failure, id);
                await Task.Delay(wait, time);
            }
        }

        LogGivenUp(logger, id, batch.Responses.Length, Attempts);
    }

    [LoggerMessage(2006, LogLevel.Debug, "Server {Server} could not push responses to a gateway")]
    private static partial void LogNotPushed(ILogger logger, Exception failure, string server);

    [LoggerMessage(2008, LogLevel.Debug, "Server {Server} gave up {Responses} responses: their gateway did not take them in {Attempts} attempts. Its requests end at their deadlines")]
    private static partial void LogGivenUp(ILogger logger, string server, int responses, int attempts);
}
