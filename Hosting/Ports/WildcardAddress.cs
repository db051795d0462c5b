using System.Net;
using System.Net.Sockets;

namespace Shortline.Hosting.Ports;

/// <summary>The addresses that stand for every address of a machine: 0.0.0.0 for those of IPv4, and :: for all.</summary>
internal static class WildcardAddress
{
    /// <summary>
    /// Why this system does not let a socket on :: serve IPv4 too; null if it does. OpenBSD never does, and a system without IPv6 cannot.
    /// </summary>
    public static string? IPv4Refusal { get; } = FindRefusal();

    public static bool Is(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>
    /// Lets a socket that is to be bound to :: serve IPv4 too, if the system allows it. Otherwise .NET restricts sockets for IPv6 to it.
    /// </summary>
    public static void ServeIPv4Too(Socket socket, IPAddress address)
    {
        if (address.Equals(IPAddress.IPv6Any) && IPv4Refusal is null)
            socket.DualMode = true;
    }

    private static string? FindRefusal()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.DualMode = true;
            return null;
        }
        catch (SocketException failure)
        {
            return failure.Message;
        }
    }
}
