using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Shortline.Unit.Tests.Client;

/// <summary>A UDP gateway on a free loopback port whose answers come from the test.</summary>
internal sealed class FakeGateway : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Func<string, int, IEnumerable<string>> _answer;
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly Thread _thread;
    private volatile bool _disposed;

    /// <param name="answer">Gets a request's id as JSON and how often the request has arrived; returns the datagrams to send back.</param>
    public FakeGateway(Func<string, int, IEnumerable<string>> answer)
    {
        _answer = answer;
        _socket.ReceiveBufferSize = 1 << 20;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Answers every request with <c>ok</c>, as server 0.</summary>
    public static FakeGateway Echo() => new((id, _) => [Ok(id)]);

    public static string Ok(string id, string server = "0") => $$"""{"id":{{id}},"status":"ok","server_id":"{{server}}","queue_length":2,"result":"hi"}""";

    /// <summary>Ends the gateway, from its own thread or another one.</summary>
    public void Close()
    {
        _disposed = true;
        _socket.Dispose();
    }

    public void Dispose()
    {
        Close();
        _thread.Join();
    }

    private void Run()
    {
        var buffer = new byte[65_536];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (!_disposed)
        {
            try
            {
                var length = _socket.ReceiveFrom(buffer, ref from);
                using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
                var id = json.RootElement.GetProperty("id").GetRawText();
                var times = _seen[id] = _seen.GetValueOrDefault(id) + 1;
                foreach (var answer in _answer(id, times))
                    _socket.SendTo(Encoding.UTF8.GetBytes(answer), from);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The gateway was closed, or the client is gone.
            }
        }
    }
}
