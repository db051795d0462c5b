using System.Diagnostics.Metrics;

namespace Shortline.Gateway;

/// <summary>The gateway's figures as <c>System.Diagnostics.Metrics</c>, read only when somebody looks: counting costs the request path nothing.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Shortline.Gateway";

    private readonly Meter _meter = new(MeterName);

    public GatewayMetrics(Dispatcher dispatcher, TcpConnections connections, RankingFeed feed)
    {
        var counters = dispatcher.Counters;
        Counter("shortline.gateway.datagrams", "{datagram}", "Datagrams received", () => counters.Received);
        Counter("shortline.gateway.joined", "{request}", "Repeats of requests in flight", () => counters.Joined);
        Counter("shortline.gateway.repeated", "{request}", "Repeats answered from memory", () => counters.Repeated);
        Counter("shortline.gateway.repicked", "{request}", "Requests given to a second server because the first did not take or keep them", () => counters.Repicked);
        Counter("shortline.gateway.redispatched", "{request}", "Requests given to a second server because the first was lost or stalled", () => counters.Redispatched);
        Counter("shortline.gateway.late", "{response}", "Responses to requests that were answered already", () => counters.Late);
        Counter("shortline.gateway.calls", "{call}", "Calls to servers", () => counters.Calls);
        Counter("shortline.gateway.calls.failed", "{call}", "Calls to servers that failed", () => counters.FailedCalls);
        Counter("shortline.gateway.stalls", "{stall}", "Servers found to have work and answer nothing", () => counters.Stalls);
        Counter("shortline.gateway.ejections", "{ejection}", "Servers left out because they had only failed", () => counters.Ejections);
        Counter("shortline.gateway.unanswerable", "{datagram}", "Datagrams without a sender to answer", () => counters.Unanswerable);
        _meter.CreateObservableCounter("shortline.gateway.answers", () => ByStatus(counters), "{answer}", "Answers by status");
        _meter.CreateObservableCounter("shortline.gateway.invalid", () => ByReason(counters), "{datagram}", "Datagrams that were no requests, by reason");
        _meter.CreateObservableUpDownCounter("shortline.gateway.in_flight", () => dispatcher.InFlight, "{request}", "Requests in flight");
        _meter.CreateObservableUpDownCounter("shortline.gateway.connections", () => connections.Count, "{connection}", "Open TCP connections");
        _meter.CreateObservableCounter("shortline.gateway.connections.ended", () => ByEnd(connections), "{connection}", "Connections that the gateway ended, by why");
        _meter.CreateObservableGauge("shortline.gateway.servers", () => dispatcher.ReadyServers, "{server}", "Servers that take work");
        _meter.CreateObservableGauge("shortline.gateway.ranking.age", () => feed.Age.TotalSeconds, "s", "Time since the balancer last answered");
    }

    public void Dispose() => _meter.Dispose();

    private void Counter(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableCounter(name, read, unit, description);

    private static IEnumerable<Measurement<long>> ByStatus(GatewayCounters counters)
    {
        var answered = counters.Answered.ToArray();
        return answered.Select((count, status) => new Measurement<long>(count, new KeyValuePair<string, object?>("status", Name((ResponseStatus)status))));
    }

    private static IEnumerable<Measurement<long>> ByReason(GatewayCounters counters)
    {
        var invalid = counters.Invalid.ToArray();
        return invalid.Select((count, reason) => new Measurement<long>(count, new KeyValuePair<string, object?>("reason", InvalidReasons.Name((InvalidReason)reason))));
    }

    private static IEnumerable<Measurement<long>> ByEnd(TcpConnections connections)
    {
        var ended = connections.Ended.ToArray();
        return ended.Select((count, why) => new Measurement<long>(count, new KeyValuePair<string, object?>("why", Name((ConnectionEnd)why))));
    }

    private static string Name(ConnectionEnd why) => why switch
    {
        ConnectionEnd.TurnedAway => "turned_away",
        ConnectionEnd.Idle => "idle",
        ConnectionEnd.Unread => "unread",
        _ => "bad_command",
    };

    private static string Name(ResponseStatus status) => System.Text.Encoding.UTF8.GetString(ResponseStatuses.Utf8Name(status));
}
