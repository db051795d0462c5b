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

    public GatewayMetrics(Dispatcher dispatcher, TcpConnections connections, MemoryBudget memory, RankingFeed feed)
    {
        void Counter(string name, string unit, string description, Func<GatewayCounters, long> read) =>
            _meter.CreateObservableCounter(name, () => read(dispatcher.Counters), unit, description);

        Counter("shortline.gateway.datagrams", "{datagram}", "Datagrams received", counters => counters.Received);
        Counter("shortline.gateway.joined", "{request}", "Repeats of requests that were in flight", counters => counters.Joined);
        Counter("shortline.gateway.repeated", "{request}", "Repeats answered from memory", counters => counters.Repeated);
        Counter("shortline.gateway.repicked", "{request}", "Requests sent to a second server because the first rejected or returned them", counters => counters.Repicked);
        Counter("shortline.gateway.redispatched", "{request}", "Requests sent to a second server because the first was lost or stalled", counters => counters.Redispatched);
        Counter("shortline.gateway.late", "{response}", "Responses to requests that were already answered", counters => counters.Late);
        Counter("shortline.gateway.calls", "{call}", "Calls to servers", counters => counters.Calls);
        Counter("shortline.gateway.calls.failed", "{call}", "Calls to servers that failed", counters => counters.FailedCalls);
        Counter("shortline.gateway.stalls", "{stall}", "Times that a server had work and completed nothing", counters => counters.Stalls);
        Counter("shortline.gateway.ejections", "{ejection}", "Times that a server was ejected after consecutive failures", counters => counters.Ejections);
        Counter("shortline.gateway.unanswerable", "{datagram}", "Datagrams from port 0, which cannot be answered", counters => counters.Unanswerable);
        Counter("shortline.gateway.reflected", "{datagram}", "Datagrams that are answers or have a forged source, which are not answered", counters => counters.Reflected);
        Counter("shortline.gateway.verify", "{answer}", "Answers replaced by verify, because they were too large for an unproven address", counters => counters.Verify);
        Counter("shortline.gateway.withheld", "{answer}", "Answers not sent, because even verify was too large for an unproven address", counters => counters.Withheld);
        _meter.CreateObservableCounter("shortline.gateway.answers", () => ByStatus(dispatcher.Counters), "{answer}", "Answers by status");
        _meter.CreateObservableCounter("shortline.gateway.invalid", () => ByReason(dispatcher.Counters), "{datagram}", "Invalid requests by reason");
        _meter.CreateObservableUpDownCounter("shortline.gateway.in_flight", () => dispatcher.InFlight, "{request}", "Requests in flight");
        _meter.CreateObservableUpDownCounter("shortline.gateway.connections", () => connections.Count, "{connection}", "Open TCP connections");
        _meter.CreateObservableCounter("shortline.gateway.connections.ended", () => ByEnd(connections), "{connection}", "Connections that the gateway closed, by reason");
        _meter.CreateObservableUpDownCounter("shortline.gateway.memory", () => memory.Used, "By", "Memory taken by clients, which load_balancer.memory_limit limits");
        _meter.CreateObservableGauge("shortline.gateway.servers", () => dispatcher.ReadyServers, "{server}", "Servers that accept requests");
        _meter.CreateObservableGauge("shortline.gateway.ranking.age", () => feed.Age.TotalSeconds, "s", "Time since the last response of the balancer");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> ByStatus(GatewayCounters counters)
    {
        var answered = counters.Answered.ToArray();

        // No request ends with verify, which has a counter of its own.
        return Enum.GetValues<ResponseStatus>().Where(status => status != ResponseStatus.Verify).Select(status =>
            new Measurement<long>(answered[(int)status], new KeyValuePair<string, object?>("status", Name(status))));
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
        ConnectionEnd.NotEncrypted => "not_encrypted",
        _ => "bad_command",
    };

    private static string Name(ResponseStatus status) => System.Text.Encoding.UTF8.GetString(ResponseStatuses.Utf8Name(status));
}
