using System.Net;
using System.Net.Sockets;

namespace Shortline.Bench;

/// <summary>Ports that were free a moment ago.</summary>
internal static class FreePort
{
    internal static int Next()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
