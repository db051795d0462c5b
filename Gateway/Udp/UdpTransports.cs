using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Shortline.Gateway.Udp.Linux;
using Shortline.Gateway.Udp.Portable;

namespace Shortline.Gateway.Udp;

/// <summary>Binds UDP sockets: with system calls for whole batches on Linux, with portable sockets elsewhere.</summary>
internal static partial class UdpTransports
{
    /// <summary>The length of the longest datagram over IPv4 in bytes. Longer ones are never sent.</summary>
    internal const int MaxDatagram = 65_507;

    /// <summary>Whether this system can receive and send datagrams in batches.</summary>
    internal static bool HasBatches { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Binds <paramref name="endPoint"/>, either IPv4 or IPv6; port 0 takes a free port.</summary>
    /// <exception cref="SocketException">
    /// The port cannot be bound; <see cref="SocketError.AddressAlreadyInUse"/> if another process uses it.
    /// </exception>
    internal static IUdpTransport Bind(IPEndPoint endPoint, UdpSocketOptions options, ILogger? logger = null)
    {
        var socket = BindSocket(endPoint, options);
        var transport = Over(socket, options.ForcePortable);
        if (logger is not null)
            LogBound(logger, transport.LocalEndPoint, transport.ReceiveBufferBytes, transport.SendBufferBytes, transport.GetType().Name);
        return transport;
    }

    /// <summary>Creates the best transport for a bound socket and takes ownership of the socket.</summary>
    internal static IUdpTransport Over(Socket socket, bool forcePortable = false) =>
        HasBatches && !forcePortable ? new LinuxUdpTransport(socket) : new PortableUdpTransport(socket);

    /// <summary>Binds a socket as <see cref="Bind"/> does, without a transport.</summary>
    internal static Socket BindSocket(IPEndPoint endPoint, UdpSocketOptions options)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // ReuseAddress must not be set: on Linux it implies SO_REUSEPORT, and a second gateway would silently receive half of the
            // traffic.
            if (OperatingSystem.IsWindows())
                IgnoreUnreachablePeers(socket);
            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
            socket.SendBufferSize = options.SendBufferBytes;
            socket.SendTimeout = Math.Max(1, (int)options.SendTimeout.TotalMilliseconds);
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>On Windows, a closed port of a peer makes the next receive fail. SIO_UDP_CONNRESET disables that.</summary>
    private static void IgnoreUnreachablePeers(Socket socket)
    {
        const int udpConnectionReset = unchecked((int)0x9800000C);
        socket.IOControl(udpConnectionReset, [0, 0, 0, 0], null);
    }
}
