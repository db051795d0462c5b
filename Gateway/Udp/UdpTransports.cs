using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Shortline.Gateway.Udp.Linux;
using Shortline.Gateway.Udp.Portable;
using Shortline.Hosting.Ports;

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
        var locals = WildcardAddress.Is(endPoint.Address) ? new LocalAddresses(logger) : null;
        IUdpTransport transport = HasBatches && !options.ForcePortable
            ? new LinuxUdpTransport(BindSockets(endPoint, options), locals)
            : new PortableUdpTransport(BindSocket(endPoint, options));
        if (logger is not null)
            LogBound(logger, transport.LocalEndPoint, transport.ReceiveBufferBytes, transport.SendBufferBytes, transport.GetType().Name);
        return transport;
    }

    /// <summary>Creates the best transport for a socket that is bound to one address, and takes ownership of the socket.</summary>
    internal static IUdpTransport Over(Socket socket) =>
        HasBatches ? new LinuxUdpTransport([socket], locals: null) : new PortableUdpTransport(socket);

    /// <summary>Binds a socket as <see cref="Bind"/> does, without a transport.</summary>
    internal static Socket BindSocket(IPEndPoint endPoint, UdpSocketOptions options) => BindSocket(endPoint, options, static _ => { });

    /// <summary>
    /// Binds several sockets to one port. The system gives each source to one of them. The first is bound alone, so that a port in use is an
    /// error, as it is for one socket; only then it allows others beside it.
    /// </summary>
    private static Socket[] BindSockets(IPEndPoint endPoint, UdpSocketOptions options)
    {
        List<Socket> sockets = [];
        try
        {
            sockets.Add(BindSocket(endPoint, options, PrepareLinux));
            if (options.Receivers > 1)
                SharePort(sockets[0]);
            while (sockets.Count < options.Receivers)
                sockets.Add(BindSocket((IPEndPoint)sockets[0].LocalEndPoint!, options, PrepareFurther));
            return [.. sockets];
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }

        void PrepareLinux(Socket socket)
        {
            if (WildcardAddress.Is(endPoint.Address))
                SharedSocket.ReportLocalAddresses(socket);
        }

        void PrepareFurther(Socket socket)
        {
            PrepareLinux(socket);
            SharePort(socket);
        }
    }

    /// <param name="endPoint">The address and port.</param>
    /// <param name="options">The options.</param>
    /// <param name="prepare">Sets further options before the socket is bound, so that they apply to the first datagram.</param>
    private static Socket BindSocket(IPEndPoint endPoint, UdpSocketOptions options, Action<Socket> prepare)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // ReuseAddress must not be set: on Linux it implies SO_REUSEPORT, and a second gateway would silently receive half of the
            // traffic.
            if (OperatingSystem.IsWindows())
                IgnoreUnreachablePeers(socket);
            WildcardAddress.ServeIPv4Too(socket, endPoint.Address);
            prepare(socket);
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

    /// <summary>
    /// Sets SO_REUSEPORT. Linux also accepts it on a socket that is bound already, and admits only sockets of the same user
    /// (reuseport_add_sock in net/core/sock_reuseport.c).
    /// </summary>
    private static void SharePort(Socket socket)
    {
        const int socketLevel = 1;
        const int reusePort = 15;
        socket.SetRawSocketOption(socketLevel, reusePort, BitConverter.GetBytes(1));
    }

    /// <summary>On Windows, a closed port of a peer makes the next receive fail. SIO_UDP_CONNRESET disables that.</summary>
    private static void IgnoreUnreachablePeers(Socket socket)
    {
        const int udpConnectionReset = unchecked((int)0x9800000C);
        socket.IOControl(udpConnectionReset, [0, 0, 0, 0], null);
    }
}
