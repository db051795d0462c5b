using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Shortline.GrainInterfaces.ExternalServers;

namespace Shortline.Unit.Tests.Grains.ExternalServers;

/// <summary>An external server that receives requests over UDP.</summary>
internal sealed class FakeExternalServer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public FakeExternalServer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = Run();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>The requests that it received, without probes.</summary>
    public ConcurrentQueue<JsonElement> Requests { get; } = new();

    /// <summary>Whether it answers probes.</summary>
    public bool IsAlive { get; set; } = true;

    /// <summary>Returns the members of the answer after the id, or null for no answer. By default it echoes the payload.</summary>
    public Func<JsonElement, string?> Work { get; set; } =
        request => $"\"status\":\"ok\",\"result\":{(request.TryGetProperty("payload", out var payload) ? payload.GetRawText() : "null")}";

    public ExternalReport Report(string identity = "7") => new()
    {
        Id = ExternalServerId.Of(identity),
        Address = "127.0.0.1",
        Port = Port,
    };

    /// <summary>Reports over UDP until cancelled.</summary>
    public async Task ReportTo(IPEndPoint gateway, string identity, CancellationToken stop)
    {
        using var interval = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var report = Encoding.UTF8.GetBytes($$"""{"identity":"{{identity}}","port":{{Port}},"queue_length":0,"status":"ready"}""");
        while (!stop.IsCancellationRequested)
        {
            _socket.SendTo(report, gateway);
            await interval.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Answers a request now.</summary>
    public void Answer(JsonElement request, string members) => Send(request, members, _sender!);

    /// <summary>Lets another external server answer a request of this one.</summary>
    public void AnswerThrough(FakeExternalServer other, JsonElement request, string members) => other.Send(request, members, _sender!);

    public void Dispose() => _socket.Dispose();

    private EndPoint? _sender;

    private async Task Run()
    {
        var datagram = new byte[65_535];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(datagram, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                var request = JsonDocument.Parse(datagram.AsMemory(0, received.ReceivedBytes).ToArray()).RootElement;
                _sender = received.RemoteEndPoint;
                if (request.GetProperty("operation").GetString() == "test_response_time")
                {
                    if (IsAlive)
                        Send(request, "\"status\":\"invalid\",\"error\":\"never heard of it\"", _sender);
                    continue;
                }

                Requests.Enqueue(request);
                if (Work(request) is { } members)
                    Send(request, members, _sender);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Send(JsonElement request, string members, EndPoint to) =>
        _socket.SendTo(Encoding.UTF8.GetBytes($$"""{"id":{{request.GetProperty("id").GetRawText()}},{{members}}}"""), to);
}
