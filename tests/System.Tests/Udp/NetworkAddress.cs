using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Shortline.System.Tests.Udp;

/// <summary>An IPv4 address of this machine in a network. A client that sends to it has it as its source, and is not on loopback.</summary>
internal static class NetworkAddress
{
    /// <summary>The address; null if the machine is in no network.</summary>
    public static IPAddress? OfThisMachine { get; } = NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(own => own.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
}

/// <summary>A test with clients that are not on loopback. It is reported as skipped on a machine without a network.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = NetworkAddress.OfThisMachine is null ? "This machine has no IPv4 address besides loopback." : null;
}
