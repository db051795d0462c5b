using System.Net.Sockets;

namespace Shortline.Gateway.Udp.Linux;

/// <summary>
/// A socket whose descriptor is passed to system calls. It is closed when the last user releases it. Closing it during a system call would
/// be unsafe, because the number of the descriptor could be reused for another file.
/// </summary>
internal sealed class SharedSocket(Socket socket)
{
    private int _users;
    private volatile bool _isShutdown;

    internal int Descriptor { get; } = (int)socket.Handle;

    /// <summary>
    /// Whether the kernel can split a message into datagrams (since Linux 4.18). An older kernel would not fail but send one datagram, so
    /// this must be checked.
    /// </summary>
    internal bool CanSegment { get; } = KnowsSegments(socket);

    internal bool IsShutdown => _isShutdown;

    internal Socket Socket => socket;

    internal SharedSocket Acquire()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            socket.Dispose();
    }

    /// <summary>
    /// Wakes every receiver of the socket; later receives return at once. For an unconnected socket Linux returns ENOTCONN but shuts it
    /// down nevertheless (inet_shutdown in net/ipv4/af_inet.c).
    /// </summary>
    internal void ShutdownReceive()
    {
        _isShutdown = true;
        _ = LinuxSockets.Shutdown(Descriptor, LinuxSockets.ShutdownReceive);
    }

    /// <summary>
    /// Makes the kernel tell with each datagram to which local address it was sent. A socket for IPv6 and IPv4 needs both options, because
    /// only that of IPv4 tells whether the datagram was a broadcast.
    /// </summary>
    internal static void ReportLocalAddresses(Socket socket)
    {
        ReadOnlySpan<byte> on = [1, 0, 0, 0];
        socket.SetRawSocketOption(LocalControl.IPv4Level, LocalControl.IPv4Type, on);
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
            socket.SetRawSocketOption(LocalControl.IPv6Level, LocalControl.IPv6Request, on);
    }

    private static bool KnowsSegments(Socket socket)
    {
        try
        {
            return socket.GetRawSocketOption(SegmentControl.Level, SegmentControl.Type, stackalloc byte[sizeof(int)]) == sizeof(int);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
