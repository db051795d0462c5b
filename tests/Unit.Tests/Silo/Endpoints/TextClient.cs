using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shortline.Unit.Tests.Silo.Endpoints;

/// <summary>A client that speaks the text protocol.</summary>
internal sealed class TextClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public TextClient(IPEndPoint to)
    {
        _socket.Connect(to);
        _socket.ReceiveTimeout = (int)Limit.TotalMilliseconds;
    }

    /// <summary>Sends a command on a new connection, and reads until the other side closes it.</summary>
    public static string Ask(IPEndPoint to, string command)
    {
        using var client = new TextClient(to);
        return client.Send(command).ReadToEnd();
    }

    public TextClient Send(string text)
    {
        _socket.Send(Encoding.UTF8.GetBytes(text));
        return this;
    }

    public TextClient SayEnd()
    {
        _socket.Shutdown(SocketShutdown.Send);
        return this;
    }

    /// <summary>Receives once, like a client that expects an answer in one segment.</summary>
    public string ReadOnce()
    {
        var buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
    }

    public string ReadToEnd()
    {
        var all = new StringBuilder();
        while (ReadOnce() is { Length: > 0 } segment)
            all.Append(segment);
        return all.ToString();
    }

    /// <summary>Whether the other side closes or resets the connection without an answer.</summary>
    public bool IsClosed()
    {
        try
        {
            return ReadOnce() == "";
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    public void Dispose() => _socket.Dispose();
}
