using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Gateway;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Requests;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway;

/// <summary>The gateway's instruments, as a metrics library reads them.</summary>
public sealed class GatewayMetricsTests
{
    /// <summary>A count that no gateway of another test has, because instruments of all tests have the same names.</summary>
    private const int Requests = 1237;

    [Fact]
    public void Instruments_show_what_has_happened_since_they_were_made()
    {
        var fixture = new DispatcherFixture();
        var feed = new RankingFeed(fixture.Dispatcher, null!, null!, new LoadBalancerSettings(), fixture.Time, NullLogger.Instance);
        var memory = new MemoryBudget(2000);
        using var metrics = new GatewayMetrics(fixture.Dispatcher, new TcpConnections(limit: 1), memory, feed);
        memory.TryTake(Requests);
        for (var i = 0; i < Requests; i++)
            fixture.Send("nonsense");

        var read = Read();

        Assert.Contains(("shortline.gateway.datagrams", "", Requests), read);
        Assert.Contains(("shortline.gateway.memory", "", Requests), read);
        Assert.Contains(("shortline.gateway.answers", "invalid", Requests), read);
        Assert.Contains(("shortline.gateway.invalid", InvalidReasons.Name(InvalidReason.NotJson), Requests), read);
    }

    private static List<(string Name, string Tag, long Value)> Read()
    {
        var read = new ConcurrentQueue<(string, string, long)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (string.Equals(instrument.Meter.Name, GatewayMetrics.MeterName, StringComparison.Ordinal))
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            read.Enqueue((instrument.Name, tags.Length > 0 ? $"{tags[0].Value}" : "", value)));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. read];
    }
}
