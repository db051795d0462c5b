using System.Net;
using System.Net.Sockets;

namespace Shortline.Unit.Tests.Gateway.Udp;

/// <summary>A theory that is reported as skipped where the machine has no IPv6 loopback.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IPv6TheoryAttribute : TheoryAttribute
{
    public IPv6TheoryAttribute() => Skip = HasLoopback() ? null : "This machine has no IPv6 loopback address.";

    private static bool HasLoopback()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
