using System.Net.Sockets;

namespace Shortline.Gateway;

/// <summary>
/// A socket whose descriptor is used directly: closed when the last of its users lets go, never under the feet of one that is
/// inside a system call, where the number could meanwhile name another file.
/// </summary>
internal sealed class SharedSocket(Socket socket)
{
    private int _users;
    private volatile bool _isShutdown;

    internal int Descriptor { get; } = (int)socket.Handle;

    /// <summary>
    /// Whether the kernel cuts one message into many datagrams (Linux 4.18). An older one would not refuse, but send them as one, so it
    /// is asked.
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
    /// Linux wakes every receiver of the socket, and later ones return at once. It says ENOTCONN for a socket without a peer, and does
    /// it all the same (inet_shutdown in net/ipv4/af_inet.c).
    /// </summary>
    internal void ShutdownReceive()
    {
        _isShutdown = true;
        _ = LinuxSockets.Shutdown(Descriptor, LinuxSockets.ShutdownReceive);
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
