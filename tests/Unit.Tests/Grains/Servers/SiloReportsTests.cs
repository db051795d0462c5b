using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Servers;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>The servers of a silo report together.</summary>
public sealed class SiloReportsTests : IDisposable
{
    private const int HeartbeatMs = 10_000;

    private readonly FakeTimeProvider _time = new();
    private readonly List<(string Pool, string[] Ids)> _sent = [];
    private readonly ServerUnderTest[] _servers = [new(), new(), new()];
    private readonly SiloReports _reports;
    private readonly ServerReporter[] _reporters;

    public SiloReportsTests()
    {
        var settings = new ShortlineSettings
        {
            Server = new ServerSettings { QueueUpdateInterval = HeartbeatMs / 1000.0 },
            LoadBalancer = new LoadBalancerSettings { ServerScalingThreshold = 2 },
        };
        var destination = new Destination(_sent);
        _reports = new SiloReports(settings, destination, _time, new Silo(), NullLoggerFactory.Instance);
        var metrics = new ServerMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        _reporters = [.. _servers.Select((server, i) =>
        {
            var reporter = new ServerReporter(i == 2 ? "other" : "pool", $"{i}", server.Server, null, _reports, destination, metrics, _time, NullLogger.Instance)
            {
                Place = new ServerPlace($"{i}", "S"),
            };
            _reports.Add(reporter);
            reporter.ReportStatusOrRequest();
            return reporter;
        })];
        _sent.Clear();
    }

    public void Dispose() => _reports.Dispose();

    [Fact]
    public void Changes_of_many_servers_are_one_message_for_each_pool()
    {
        Change(0);
        Change(1);
        Change(2);
        Change(0);
        Advance(99);
        Assert.Empty(_sent);
        Advance(1);
        Assert.Equal(["other: 2", "pool: 0 1"], Sent());
        Advance(HeartbeatMs / 4);
        Assert.Empty(Sent());
    }

    [Fact]
    public void Crossing_the_threshold_is_reported_within_ten_milliseconds_in_either_direction()
    {
        foreach (var ticket in Enumerable.Range(1, 4))
            _servers[0].Submit(new TestRequest(ticket, "held", TimeLeftMs: 60_000));
        _reporters[0].RequestIfChanged();
        Advance(10);
        Assert.Equal(["pool: 0"], Sent());

        _servers[0].Server.Share(0);
        _reporters[0].RequestIfChanged();
        Advance(10);
        Assert.Equal(["pool: 0"], Sent());
        _servers[0].Held.ReleaseAll();
    }

    [Fact]
    public void A_change_of_status_is_reported_at_once()
    {
        _servers[1].Server.Drain();
        _reporters[1].ReportStatusOrRequest();
        Assert.Equal(["pool: 1"], Sent());
    }

    [Fact]
    public void Without_a_change_the_next_report_is_a_heartbeat()
    {
        Advance(HeartbeatMs / 2);
        Assert.Equal(["other: 2", "pool: 0 1"], Sent());
        Advance(HeartbeatMs / 4);
        Change(0);
        Advance(100);
        Assert.Equal(["pool: 0"], Sent());
        Advance((HeartbeatMs / 4) - 100);
        Assert.Equal(["other: 2", "pool: 1"], Sent());
    }

    [Fact]
    public void A_server_in_the_middle_of_something_is_asked_again()
    {
        Change(0);
        Change(1);
        using (var busy = new BusyServer(_servers[0].Server))
        {
            Advance(100);
            Assert.Equal(["pool: 1"], Sent());
        }

        Advance(10);
        Assert.Equal(["pool: 0"], Sent());
    }

    [Fact]
    public void A_server_that_has_ended_is_not_reported()
    {
        Change(0);
        _reporters[0].End();
        Advance(HeartbeatMs);
        Assert.DoesNotContain(Sent(), message => message.Contains('0', StringComparison.Ordinal));
    }

    private void Change(int server)
    {
        _servers[server].Submit(new TestRequest(1, "echo"));
        lock (_servers[server].Server.Lock)
            _reporters[server].RequestIfChanged();
    }

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>What was sent since the last call.</summary>
    private string[] Sent()
    {
        string[] sent = [.. _sent.Select(message => $"{message.Pool}: {string.Join(' ', message.Ids.Order())}").Order()];
        _sent.Clear();
        return sent;
    }

    private sealed class Destination(List<(string Pool, string[] Ids)> sent) : IServerReports
    {
        public Task Report(string pool, ImmutableArray<ServerResponse> reports)
        {
            // A server under test calls itself 3 in its reports, so the silo's name says which it is.
            sent.Add((pool, [.. reports.Select(report => report.Silo)]));
            return Task.CompletedTask;
        }
    }

    /// <summary>Another thread uses a server until this is disposed of.</summary>
    private sealed class BusyServer : IDisposable
    {
        private readonly ManualResetEventSlim _end = new();
        private readonly Thread _thread;

        public BusyServer(Server server)
        {
            using var begun = new ManualResetEventSlim();
            _thread = new Thread(() =>
            {
                lock (server.Lock)
                {
                    begun.Set();
                    _end.Wait();
                }
            });
            _thread.Start();
            begun.Wait();
        }

        public void Dispose()
        {
            _end.Set();
            _thread.Join();
            _end.Dispose();
        }
    }

    private sealed class Silo : ILocalSiloDetails
    {
        public string Name => "silo";

        public string ClusterId => "cluster";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => SiloAddress.Zero;

        public SiloAddress GatewayAddress => SiloAddress.Zero;
    }
}
