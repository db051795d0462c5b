using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Shortline.System.Tests.Udp;

/// <summary>A UDP socket and nothing else, as any program has it.</summary>
internal sealed class PlainSocket(IPEndPoint gateway) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Sends a datagram and takes no interest in the answer.</summary>
    public void Send(byte[] datagram) => _socket.Send(datagram, gateway);

    /// <summary>Sends a datagram and returns what comes back.</summary>
    public async Task<string> Ask(byte[] datagram)
    {
        Send(datagram);
        return await Receive($"to {datagram.Length} bytes: {Encoding.UTF8.GetString(datagram.AsSpan(0, Math.Min(100, datagram.Length)))}");
    }

    public Task<string> Ask(string datagram) => Ask(Encoding.UTF8.GetBytes(datagram));

    /// <inheritdoc cref="Ask(string)"/>
    public async Task<JsonElement> AskJson(string datagram) => JsonDocument.Parse(await Ask(datagram)).RootElement;

    /// <summary>The next datagram that comes.</summary>
    public async Task<string> Receive(string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            return Encoding.UTF8.GetString((await _socket.ReceiveAsync(limit.Token)).Buffer);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"No answer came within {Limit.TotalSeconds} s {what}");
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();
}
