using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Client.Tool.Load;
using Shortline.Hosting.Start;
using Shortline.Playground.Clients;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Playground;

public sealed class ClientLoadTests : IDisposable
{
    private readonly Socket _gateway = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly ConcurrentQueue<(long Client, string Payload)> _requests = new();

    public ClientLoadTests()
    {
        _gateway.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        new Thread(Answer) { IsBackground = true }.Start();
    }

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Operation_and_pause_can_be_changed_during_the_run()
    {
        using var stop = new CancellationTokenSource();
        using var load = Load(clients: 2, rate: 500);
        var running = load.RunAsync(stop.Token);
        await Eventually.True(() => Payloads.Count(text => text.Contains("seconds", StringComparison.Ordinal)) > 20, "more than 20 requests for compute arrive");
        Assert.True(Payloads.Distinct(StringComparer.Ordinal).Count() > 10, "Service times do not vary.");

        load.Operation = Operation.Echo;
        await Eventually.True(() => Payloads.Contains("\"hello\""), "a request for echo arrives");

        load.Paused = true;
        await Eventually.True(() => load.Snapshot().InFlight == 0, "all requests are answered after the first pause began");
        var answered = load.Snapshot().Answered;
        load.Paused = false;
        await Eventually.True(() => load.Snapshot().Answered > answered, "requests are answered after the pause");

        load.Paused = true;
        await Eventually.True(() => load.Snapshot().InFlight == 0, "all requests are answered after the second pause began");
        await stop.CancelAsync();
        Assert.True((await running).AllOk, "Not every request was answered ok.");
    }

    [Fact]
    public async Task Each_client_has_its_own_id_mode_and_figures()
    {
        using var stop = new CancellationTokenSource();
        using var load = Load(clients: 3, rate: 300);
        Assert.True(load.SwitchByHand(1));
        var running = load.RunAsync(stop.Token);

        Assert.Equal(200, load.Sending);
        await Eventually.True(() => load.Rows(0, 9) is [{ Ended: > 5 }, { Ended: 0 }, { Ended: > 5 }], "the clients that make requests by themselves made more than five each");
        Assert.Contains("server 0: ok", await load.Send(1, new PlayRequest("echo", "1"u8.ToArray(), "echo 1")), StringComparison.Ordinal);

        await stop.CancelAsync();
        await running;
        Assert.Equal([1000, 1001, 1002], load.Rows(0, 9).Select(row => row.Id));
        Assert.Equal((true, 1), (load.Rows(1, 1)[0].ByHand, load.Rows(1, 1)[0].Ended));
        Assert.Equal((1001, "1"), Assert.Single(_requests, request => request.Client == 1001));
    }

    [Fact]
    public async Task Requests_in_flight_at_the_end_count_as_unanswered()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = new CancellationTokenSource();
        using var load = Load(clients: 1, rate: 100, gateway: silent);
        var running = load.RunAsync(stop.Token);
        await Eventually.True(() => load.Snapshot().InFlight > 0, "a request is in flight");

        await stop.CancelAsync();
        var end = await running;

        Assert.Equal((end.Started, 0), (end.NoAnswer, end.InFlight));
        Assert.False(end.AllOk);
    }

    [Fact]
    public void The_load_does_not_start_without_a_free_port_in_its_range()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        Assert.Throws<StartFailedException>(() => new ClientLoad(
            Settings(clients: 1, rate: 1) with { PortRangeStart = port, PortRangeEnd = port + 1 }, Operation.Echo, null, TimeProvider.System, NullLoggerFactory.Instance));
    }

    private IEnumerable<string> Payloads => _requests.Select(request => request.Payload);

    private ClientLoad Load(int clients, double rate, Socket? gateway = null) =>
        new(Settings(clients, rate, gateway), Operation.Compute, null, TimeProvider.System, NullLoggerFactory.Instance);

    private LoadSettings Settings(int clients, double rate, Socket? gateway = null) =>
        new() { Gateways = [(IPEndPoint)(gateway ?? _gateway).LocalEndPoint!], Clients = clients, Rate = rate };

    private void Answer()
    {
        var buffer = new byte[65_536];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var length = _gateway.ReceiveFrom(buffer, ref from);
                using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
                _requests.Enqueue((json.RootElement.GetProperty("client_id").GetInt64(), json.RootElement.GetProperty("payload").GetRawText()));
                var id = json.RootElement.GetProperty("id").GetRawText();
                _gateway.SendTo(Encoding.UTF8.GetBytes($$"""{"id":{{id}},"status":"ok","server_id":"0","queue_length":0,"result":1}"""), from);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
