using System.Diagnostics.Metrics;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway;

/// <summary>
/// Publishes the gateway's counters as <c>System.Diagnostics.Metrics</c>. All instruments are observable, so the request path pays nothing
/// for them.
/// </summary>
internal sealed class GatewayMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Shortline.Gateway";

    private readonly Meter _meter = new(MeterName);

    public GatewayMetrics(Dispatcher dispatcher, TcpConnections connections, RankingFeed feed)
    {
        var counters = dispatcher.Counters;
        Counter("shortline.gateway.datagrams", "{datagram}", "Datagrams received", () => counters.Received);
        Counter("shortline.gateway.joined", "{request}", "Repeats of requests that were in flight", () => counters.Joined);
        Counter("shortline.gateway.repeated", "{request}", "Repeats answered from memory", () => counters.Repeated);
        Counter("shortline.gateway.repicked", "{request}", "Requests sent to a second server because the first rejected or returned them", () => counters.Repicked);
        Counter("shortline.gateway.redispatched", "{request}", "Requests sent to a second server because the first was lost or stalled", () => counters.Redispatched);
        Counter("shortline.gateway.late", "{response}", "Responses to requests that were already answered", () => counters.Late);
        Counter("shortline.gateway.calls", "{call}", "Calls to servers", () => counters.Calls);
        Counter("shortline.gateway.calls.failed", "{call}", "Calls to servers that failed", () => counters.FailedCalls);
        Counter("shortline.gateway.stalls", "{stall}", "Times that a server had work and completed nothing", () => counters.Stalls);
        Counter("shortline.gateway.ejections", "{ejection}", "Times that a server was ejected after consecutive failures", () => counters.Ejections);
        Counter("shortline.gateway.unanswerable", "{datagram}", "Datagrams from port 0, which cannot be answered", () => counters.Unanswerable);
        _meter.CreateObservableCounter("shortline.gateway.answers", () => ByStatus(counters), "{answer}", "Answers by status");
        _meter.CreateObservableCounter("shortline.gateway.invalid", () => ByReason(counters), "{datagram}", "Invalid requests by reason");
        _meter.CreateObservableUpDownCounter("shortline.gateway.in_flight", () => dispatcher.InFlight, "{request}", "Requests in flight");
        _meter.CreateObservableUpDownCounter("shortline.gateway.connections", () => connections.Count, "{connection}", "Open TCP connections");
        _meter.CreateObservableCounter("shortline.gateway.connections.ended", () => ByEnd(connections), "{connection}", "Connections that the gateway closed, by reason");
        _meter.CreateObservableGauge("shortline.gateway.servers", () => dispatcher.ReadyServers, "{server}", "Servers that accept requests");
        _meter.CreateObservableGauge("shortline.gateway.ranking.age", () => feed.Age.TotalSeconds, "s", "Time since the last response of the balancer");
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
