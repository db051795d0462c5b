using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.GrainInterfaces.ExternalServers;

namespace Shortline.Unit.Tests.Grains.ExternalServers;

/// <summary>An external server that speaks the text protocol, with one command on each connection.</summary>
internal sealed class FakeTextServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public FakeTextServer(int port = 0)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
        _ = Run();
    }

    /// <summary>What it answers to probes.</summary>
    public string Answer { get; init; } = "alive";

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public ExternalReport Report() => Announcement(EndPoint.Port);

    /// <summary>The reminder that a gateway sends for an external server that has joined.</summary>
    public static ExternalReport Reminder(int port) => Announcement(port) with { IsReminder = true };

    public void Dispose() => _listener.Dispose();

    private static ExternalReport Announcement(int port) => new()
    {
        Id = ExternalServerId.Of(new IPEndPoint(IPAddress.Loopback, port)),
        Address = "127.0.0.1",
        Port = port,
        IsLocateOnly = true,
    };

    private async Task Run()
    {
        var command = new byte[1024];
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptAsync();
                var length = await client.ReceiveAsync(command);
                if (Encoding.ASCII.GetString(command, 0, length) == "test_response_time")
                    await client.SendAsync(Encoding.ASCII.GetBytes(Answer));
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
