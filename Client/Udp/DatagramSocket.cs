using System.Net;
using System.Net.Sockets;
using Shortline.Client.Requests;

namespace Shortline.Client.Udp;

/// <summary>
/// A UDP socket to one gateway. It is connected, so that no address is passed with a datagram, datagrams of others are dropped, and the
/// system reports when no process listens. It uses blocking calls, because they cost a third less than asynchronous ones.
/// </summary>
internal sealed class DatagramSocket : IDisposable
{
    // A burst of responses has to fit while the reading thread is not scheduled. The system may grant less.
    private const int BufferSize = 4 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly IPEndPoint _gateway;
    private readonly Lock _connecting = new();
    private readonly ManualResetEventSlim _canReceive = new();
    private volatile bool _isConnected;
    private int _disposed;

    private DatagramSocket(Socket socket, IPEndPoint gateway) => (_socket, _gateway) = (socket, gateway);

    /// <summary>The local port.</summary>
    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    private bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Opens a socket. The gateway need not be reachable yet.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="localPort">The local port; 0 takes any free one.</param>
    /// <returns>The socket, or null if the port is taken.</returns>
    public static DatagramSocket? TryOpen(IPEndPoint gateway, int localPort)
    {
        var socket = new Socket(gateway.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = BufferSize;
            socket.SendBufferSize = BufferSize;
            var local = IPAddress.IsLoopback(gateway.Address) ? gateway.Address
                : gateway.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
            socket.Bind(new IPEndPoint(local, localPort));
            var opened = new DatagramSocket(socket, gateway);
            opened.TryConnect();
            return opened;
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one datagram. Does not throw network errors. Thread-safe.</summary>
    public SendOutcome Send(ReadOnlySpan<byte> datagram)
    {
        var outcome = SendOnce(datagram);
        if (outcome != SendOutcome.Refused)
            return outcome;

        // The system reports the fate of an earlier datagram here, and has not sent this one.
        SendOnce(datagram);
        return SendOutcome.Refused;
    }

    /// <summary>Waits for a datagram.</summary>
    /// <returns>Its length; -1 if the socket is closed; -2 if no process listens at the gateway's port.</returns>
    public int Receive(Span<byte> buffer)
    {
        // A socket that is not connected would receive the datagrams of anybody.
        _canReceive.Wait();
        while (!IsDisposed)
        {
            try
            {
                var length = _socket.Receive(buffer, SocketFlags.None, out var error);
                if (error == SocketError.Success)
                    return length;
                if (error is SocketError.ConnectionRefused or SocketError.ConnectionReset)
                    return -2;
            }
            catch (ObjectDisposedException)
            {
                return -1;
            }
        }

        return -1;
    }

    /// <summary>Closes the socket. A thread that waits in <see cref="Receive"/> returns.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _socket.Dispose();
        _canReceive.Set();
    }

    /// <summary>Connects the socket unless it is. Fails while there is no route to the gateway, or a firewall forbids it.</summary>
    private bool TryConnect()
    {
        if (_isConnected)
            return true;
        lock (_connecting)
        {
            try
            {
                if (!_isConnected)
                    _socket.Connect(_gateway);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return false;
            }

            _isConnected = true;
            _canReceive.Set();
            return true;
        }
    }

    private SendOutcome SendOnce(ReadOnlySpan<byte> datagram)
    {
        if (!TryConnect())
            return SendOutcome.Refused;
        try
        {
            _socket.Send(datagram, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => SendOutcome.Sent,
                SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable or SocketError.MessageSize => SendOutcome.Failed,
                _ => SendOutcome.Refused,
            };
        }
        catch (ObjectDisposedException)
        {
            return SendOutcome.Failed;
        }
    }
}
