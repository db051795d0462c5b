using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.Client;
using Shortline.Playground;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Playground;

public sealed class DriverLoadTests : IDisposable
{
    private readonly Socket _gateway = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly ConcurrentQueue<string> _payloads = new();

    public DriverLoadTests()
    {
        _gateway.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        new Thread(Answer) { IsBackground = true }.Start();
    }

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task What_is_asked_for_changes_while_it_runs_and_a_pause_ends_and_begins_it()
    {
        using var stop = new CancellationTokenSource();
        using var load = new DriverLoad(
            new LoadSettings { Gateways = [(IPEndPoint)_gateway.LocalEndPoint!], Clients = 2, Rate = 500 },
            Operation.Compute, TimeProvider.System, NullLoggerFactory.Instance);
        var running = load.RunAsync(stop.Token);
        await Eventually.True(() => _payloads.Count(text => text.Contains("seconds", StringComparison.Ordinal)) > 20, "20 requests for compute");
        Assert.True(_payloads.Distinct(StringComparer.Ordinal).Count() > 10, "Service times do not vary.");

        load.Operation = Operation.Echo;
        await Eventually.True(() => _payloads.Contains("\"hello\""), "a request for echo");

        load.Paused = true;
        await Eventually.True(() => load.Snapshot().InFlight == 0, "an answer to everything");
        var answered = load.Snapshot().Answered;
        load.Paused = false;
        await Eventually.True(() => load.Snapshot().Answered > answered, "requests after the pause");

        load.Paused = true;
        await Eventually.True(() => load.Snapshot().InFlight == 0, "an answer to everything, again");
        await stop.CancelAsync();
        Assert.True((await running).AllOk, "Not every request was answered ok.");
    }

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
                _payloads.Enqueue(json.RootElement.GetProperty("payload").GetRawText());
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
