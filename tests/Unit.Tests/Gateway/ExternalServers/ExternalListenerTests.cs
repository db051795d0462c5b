using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Gateway.ExternalServers;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.ExternalServers;
using Shortline.TestAddresses;
using Shortline.Unit.Tests.Gateway.Tcp;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Gateway.ExternalServers;

/// <summary>The port on which external servers report, with real sockets.</summary>
public sealed class ExternalListenerTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ExternalListener _listener = ExternalListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly TimerCountingTimeProvider _time = new();
    private readonly List<ExternalReport> _reports = [];
    private ExternalOutbox _outbox = null!;
    private IPEndPoint _endPoint = null!;
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync()
    {
        _endPoint = _listener.EndPoint;
        Listen("127.0.0.0/8");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await Eventually.Completes(_running, "the listener ends");
    }

    public void Dispose()
    {
        _listener.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_datagram_is_a_report_of_its_sender_and_gets_no_answer()
    {
        using var program = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        program.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        program.SendTo("no report"u8, _endPoint);
        program.SendTo("""{"identity":"7","port":50007,"queue_length":3,"status":"draining","weight":2,"concurrency":4,"host":"1.2.3.4"}"""u8, _endPoint);

        var report = await Received();
        Assert.Equal(("ext-7", "127.0.0.1", 50007, 3, ExternalStatus.Draining), (report.Id, report.Address, report.Port, report.QueueLength, report.Status));
        Assert.Equal((2, 4, false), (report.Weight, report.Concurrency, report.IsLocateOnly));
        Assert.Equal(0, program.Available);
    }

    [Fact]
    public async Task Each_line_is_a_report_and_an_invalid_one_is_answered_with_the_fault()
    {
        using var program = new LineClient(_endPoint);
        program.Send("{\"identity\":\"7\",\"po");
        program.Send("rt\":1}\r\n\n{\"identity\":\"8\"}\n{\"identity\":\"9\",\"port\":2}\n");

        Assert.Equal("{\"status\":\"invalid\",\"error\":\"'port': an integer from 1 to 65535, where you take requests over UDP\"}", program.Line());
        await Eventually.True(() => Take().Count == 2, "two reports arrive");
        Assert.Equal(["ext-7", "ext-9"], _reports.Select(report => report.Id).Order());
    }

    [Fact]
    public void An_overlong_line_ends_the_connection()
    {
        using var program = new LineClient(_endPoint);
        program.Send(new string('x', 2000));
        Assert.Contains("the report is too large", program.Line(), StringComparison.Ordinal);
        Assert.Null(program.Line());
    }

    [Fact]
    public async Task An_idle_connection_is_closed()
    {
        using var program = new LineClient(_endPoint);
        program.Send("{\"identity\":\"7\",\"port\":1}\n");
        await Received();
        await Eventually.True(() => _time.PendingTimers > 0, "the listener waits for the next report");
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(program.Line());
    }

    [Fact]
    public async Task Reports_from_addresses_that_are_not_allowed_are_ignored()
    {
        using var listener = ExternalListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = new CancellationTokenSource();
        var outbox = new ExternalOutbox(new LoadBalancerSettings { AllowExternalFrom = AddressRanges.TryParse("10.0.0.0/8")! }, _time);
        var running = listener.Run(IntakeOf(outbox), TimeSpan.FromMinutes(1), _time, stop.Token);
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        datagrams.SendTo("""{"identity":"7","port":50007}"""u8, listener.EndPoint);
        using var program = new LineClient(listener.EndPoint);

        Assert.Null(program.Line());
        await stop.CancelAsync();
        await Eventually.Completes(running, "the listener ends");
        Assert.Empty(outbox.Take());
    }

    [SeveralAddressesFact(NeedsIPv6 = true)]
    public async Task Reports_of_IPv4_to_every_address_are_those_of_the_IPv4_address()
    {
        using var listener = ExternalListener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        using var stop = new CancellationTokenSource();
        var running = listener.Run(IntakeOf(_outbox), TimeSpan.FromMinutes(1), _time, stop.Token);
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        datagrams.SendTo("""{"identity":"7","port":50007}"""u8, new IPEndPoint(IPAddress.Loopback, listener.EndPoint.Port));
        using var program = new LineClient(new IPEndPoint(IPAddress.Loopback, listener.EndPoint.Port));
        program.Send("{\"identity\":\"8\",\"port\":50008}\n");

        await Eventually.True(() => Take().Count == 2, "two reports arrive");
        Assert.All(_reports, report => Assert.Equal("127.0.0.1", report.Address));
        await stop.CancelAsync();
        await Eventually.Completes(running, "the listener ends");
    }

    [Fact]
    public void A_port_in_use_cannot_be_bound() =>
        Assert.Equal(SocketError.AddressAlreadyInUse, Assert.ThrowsAny<SocketException>(() => ExternalListener.Bind(_endPoint)).SocketErrorCode);

    private void Listen(string allowed)
    {
        _outbox = new ExternalOutbox(new LoadBalancerSettings { AllowExternalFrom = AddressRanges.TryParse(allowed)! }, _time);
        _running = _listener.Run(IntakeOf(_outbox), TimeSpan.FromMinutes(1), _time, _stop.Token);
    }

    private ExternalIntake IntakeOf(ExternalOutbox outbox) => new(outbox, new ReportSignatures("", _time), _time, NullLogger.Instance);

    private List<ExternalReport> Take()
    {
        _reports.AddRange(_outbox.Take());
        return _reports;
    }

    private async Task<ExternalReport> Received()
    {
        await Eventually.True(() => Take().Count == 1, "a report arrives");
        return _reports[0];
    }
}
