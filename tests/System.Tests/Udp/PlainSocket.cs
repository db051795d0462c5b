using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Shortline.System.Tests.Udp;

/// <summary>
/// A plain UDP socket, without the client library. It is connected, as those of most programs are: it receives only what comes from the
/// address that it sends to.
/// </summary>
internal sealed class PlainSocket : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly UdpClient _socket;

    public PlainSocket(IPEndPoint gateway)
    {
        _socket = new UdpClient(gateway.AddressFamily);
        _socket.Connect(gateway);
    }

    /// <summary>Sends a datagram.</summary>
    public void Send(byte[] datagram) => _socket.Send(datagram);

    /// <summary>Sends a datagram and returns the next one that arrives.</summary>
    public async Task<string> Ask(byte[] datagram)
    {
        Send(datagram);
        return await Receive($"to {datagram.Length} bytes: {Encoding.UTF8.GetString(datagram.AsSpan(0, Math.Min(100, datagram.Length)))}");
    }

    public Task<string> Ask(string datagram) => Ask(Encoding.UTF8.GetBytes(datagram));

    /// <inheritdoc cref="Ask(string)"/>
    public async Task<JsonElement> AskJson(string datagram) => JsonDocument.Parse(await Ask(datagram)).RootElement;

    /// <summary>Returns the next datagram that arrives.</summary>
    public async Task<string> Receive(string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            return Encoding.UTF8.GetString((await _socket.ReceiveAsync(limit.Token)).Buffer);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"No response came within {Limit.TotalSeconds} s {what}");
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();
}
