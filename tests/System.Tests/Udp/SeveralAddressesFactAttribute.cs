using System.Net;
using System.Net.Sockets;
using Shortline.Gateway.Udp;
using Shortline.Hosting.Ports;

namespace Shortline.TestAddresses;

/// <summary>
/// A test with datagrams to several loopback addresses (127.0.0.2 and 127.0.0.3 need no setup on Linux). It is reported as skipped where
/// answers cannot leave from the address that was asked, or the machine lacks the addresses.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SeveralAddressesFactAttribute : FactAttribute
{
    private bool _needsIPv6;

    public SeveralAddressesFactAttribute() => Skip = Obstacle();

    /// <summary>Whether the test also needs a socket that serves IPv6 and IPv4.</summary>
    public bool NeedsIPv6
    {
        get => _needsIPv6;
        set
        {
            _needsIPv6 = value;
            Skip ??= value ? IPv6Obstacle() : null;
        }
    }

    private static string? Obstacle() =>
        !UdpTransports.HasBatches ? "Only on Linux do answers leave from the address that was asked."
        : CanBind(IPAddress.Parse("127.0.0.3")) ? null
        : "This machine does not accept 127.0.0.3 as an address of its own.";

    private static string? IPv6Obstacle() =>
        WildcardAddress.IPv4Refusal is { } refusal ? $"A socket cannot serve IPv6 and IPv4: {refusal}"
        : CanBind(IPAddress.IPv6Loopback) ? null
        : "This machine has no IPv6 loopback address.";

    private static bool CanBind(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
