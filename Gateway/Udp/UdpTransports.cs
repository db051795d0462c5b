using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Shortline.Gateway;

/// <summary>Binds the UDP front door: system calls for whole batches on Linux, portable sockets elsewhere.</summary>
internal static partial class UdpTransports
{
    /// <summary>Bytes of the longest datagram over IPv4, and the longest that is ever sent.</summary>
    internal const int MaxDatagram = 65_507;

    /// <summary>Whether this system receives and sends datagrams in batches.</summary>
    internal static bool HasBatches { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Binds <paramref name="endPoint"/>, of IPv4 or IPv6 as given; port 0 takes a free one.</summary>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.AddressAlreadyInUse"/>: another process has the port; or whatever else the system says.
    /// </exception>
    internal static IUdpTransport Bind(IPEndPoint endPoint, UdpSocketOptions options, ILogger? logger = null)
    {
        var socket = BindSocket(endPoint, options);
        var transport = Over(socket, options.ForcePortable);
        if (logger is not null)
            LogBound(logger, transport.LocalEndPoint, transport.ReceiveBufferBytes, transport.SendBufferBytes, transport.GetType().Name);
        return transport;
    }

    /// <summary>The best transport for a bound socket, which it owns from here on.</summary>
    internal static IUdpTransport Over(Socket socket, bool forcePortable = false) =>
        HasBatches && !forcePortable ? new LinuxUdpTransport(socket) : new PortableUdpTransport(socket);

    /// <summary>As <see cref="Bind"/>, for who needs the socket itself.</summary>
    internal static Socket BindSocket(IPEndPoint endPoint, UdpSocketOptions options)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // Never ReuseAddress: on Linux it sets SO_REUSEPORT, and a second gateway would silently take half of the traffic.
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

    /// <summary>Windows fails the next receive when a peer's port is closed; SIO_UDP_CONNRESET turns that off.</summary>
    private static void IgnoreUnreachablePeers(Socket socket)
    {
        const int udpConnectionReset = unchecked((int)0x9800000C);
        socket.IOControl(udpConnectionReset, [0, 0, 0, 0], null);
    }
}
