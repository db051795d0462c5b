using System.Net;
using System.Net.Sockets;

namespace Shortline.LocalEngine;

/// <summary>Where a silo hears the other processes of its cluster. Loopback only.</summary>
internal sealed class Listener : IDisposable
{
    /// <summary>Far more processes than a machine has use for.</summary>
    private const int MostConnections = 1000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Action<Socket> _serve;
    private int _connections;

    /// <summary>Binds the port; nobody is heard yet.</summary>
    /// <param name="port">The port.</param>
    /// <param name="serve">Serves a connection to its end, on a thread of its own.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public Listener(int port, Action<Socket> serve)
    {
        _serve = serve;
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _socket.Listen();
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    public void Start() => new Thread(Accept) { IsBackground = true, Name = "shortline accept" }.Start();

    public void Dispose() => _socket.Dispose();

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _socket.Accept();
            }
            catch (SocketException exception) when (exception.SocketErrorCode is not (SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument or SocketError.NotSocket))
            {
                continue; // That one went away before it was accepted.
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (Interlocked.Increment(ref _connections) > MostConnections)
            {
                Interlocked.Decrement(ref _connections);
                socket.Dispose();
                continue;
            }

            new Thread(() => Serve(socket)) { IsBackground = true, Name = "shortline connection" }.Start();
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            _serve(socket);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
