using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Shortline.Unit.Tests.Gateway.Tcp;

/// <summary>A plain TCP client, as in any language: it sends and reads lines.</summary>
internal sealed class LineClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly List<byte> _received = [];
    private readonly byte[] _buffer = new byte[64 * 1024];

    public LineClient(IPEndPoint gateway)
    {
        _socket.Connect(gateway);
        _socket.ReceiveTimeout = (int)Limit.TotalMilliseconds;
        _socket.SendTimeout = (int)Limit.TotalMilliseconds;
    }

    public Socket Socket => _socket;

    public LineClient Send(string text)
    {
        _socket.Send(Encoding.UTF8.GetBytes(text));
        return this;
    }

    /// <summary>Reads the next line; null if the gateway has closed the connection.</summary>
    public string? Line()
    {
        int end;
        while ((end = _received.IndexOf((byte)'\n')) < 0)
        {
            int count;
            try
            {
                count = _socket.Receive(_buffer);
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
            {
                return null;
            }

            if (count == 0)
                return null;
            _received.AddRange(_buffer.AsSpan(0, count));
        }

        var line = Encoding.UTF8.GetString([.. _received[..end]]);
        _received.RemoveRange(0, end + 1);
        return line;
    }

    /// <summary>Reads the next line as JSON; fails if the gateway has closed the connection.</summary>
    public JsonElement Answer() => JsonDocument.Parse(Line() ?? throw new InvalidOperationException("The gateway has closed the connection.")).RootElement;

    public void Dispose() => _socket.Dispose();
}
