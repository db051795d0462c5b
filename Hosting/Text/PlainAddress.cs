using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Shortline.Hosting.Text;

/// <summary>Reads and returns IP addresses in the one form that cannot be mistaken.</summary>
/// <remarks>
/// The methods of <see cref="IPAddress"/> read numbers with leading zeros as octal (010.0.0.1 as 8.0.0.1), numbers after 0x as hexadecimal, and
/// fewer numbers than four (127.1, 1). In a setting or on a command line each of these is more likely a mistake.
/// </remarks>
internal static class PlainAddress
{
    /// <summary>Reads an address.</summary>
    /// <returns>False if the text is no address, or an IPv4 address in another form than four decimal numbers.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && IsPlain(address, text);

    /// <summary>Reads an address with a port: <c>127.0.0.1:54001</c> or <c>[::1]:54001</c>.</summary>
    /// <returns>False if the text is not that, or has no port.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? endPoint) =>
        IPEndPoint.TryParse(text, out endPoint) && endPoint.Port > 0 && IsPlain(endPoint.Address, text.Split(':')[0]);

    /// <summary>
    /// Returns the IPv4 address for one that is mapped to IPv6 (::ffff:a.b.c.d), as a socket on :: has it; other addresses as they are.
    /// </summary>
    public static IPAddress WithoutMapping(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool IsPlain(IPAddress address, string text) =>
        address.AddressFamily != AddressFamily.InterNetwork || string.Equals(address.ToString(), text, StringComparison.Ordinal);
}
