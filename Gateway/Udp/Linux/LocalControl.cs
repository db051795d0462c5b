using System.Runtime.InteropServices;

namespace Shortline.Gateway.Udp.Linux;

/// <summary>
/// The kernel's control messages <c>IP_PKTINFO</c> and <c>IPV6_PKTINFO</c>: the address to which a datagram was sent, or from which one is
/// to leave (https://man7.org/linux/man-pages/man7/ip.7.html, https://man7.org/linux/man-pages/man7/ipv6.7.html). Each has a header (length,
/// level, type) and begins on the boundary of a word.
/// </summary>
internal static class LocalControl
{
    /// <summary>The bytes in which to receive: both messages, which a socket for IPv6 and IPv4 gets for each datagram of IPv4.</summary>
    internal const int ReceivedBytes = 72;

    /// <summary>The most bytes that <see cref="Write"/> needs, a multiple of a word.</summary>
    internal const int MostBytes = 40;

    internal const int IPv4Level = 0; // SOL_IP
    internal const int IPv4Type = 8; // IP_PKTINFO
    internal const int IPv6Level = 41; // SOL_IPV6
    internal const int IPv6Type = 50; // IPV6_PKTINFO
    internal const int IPv6Request = 49; // IPV6_RECVPKTINFO

    private const int HeaderBytes = 16;
    private const int WordBytes = 8;
    private const int IPv4Bytes = 12; // struct in_pktinfo: interface, local address, destination
    private const int IPv6Bytes = 20; // struct in6_pktinfo: address, interface

    /// <summary>Finds the address to which a datagram was sent.</summary>
    /// <param name="control">The control messages as received. Nothing is assumed about them.</param>
    /// <param name="local">The address from which the answer is to leave.</param>
    /// <returns>False if there is none: the datagram was sent to many, or the messages do not tell.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> control, out LocalAddress local)
    {
        while (control.Length >= HeaderBytes)
        {
            var length = MemoryMarshal.Read<ulong>(control);
            if (length < HeaderBytes || length > (ulong)control.Length)
                break;
            var (level, type) = (MemoryMarshal.Read<int>(control[8..]), MemoryMarshal.Read<int>(control[12..]));
            var value = control[HeaderBytes..(int)length];
            if ((level, type) == (IPv4Level, IPv4Type))
                return TryReadIPv4(value, out local);

            // For a datagram of IPv4 this message does not tell whether it was a broadcast. The other one, which follows, does.
            if ((level, type) == (IPv6Level, IPv6Type) && TryReadIPv6(value, out local))
                return true;
            control = control[Math.Min(control.Length, ((int)length + WordBytes - 1) & -WordBytes)..];
        }

        local = default;
        return false;
    }

    /// <summary>Writes the message that makes a datagram leave from an address.</summary>
    /// <param name="control">Memory of <see cref="MostBytes"/>.</param>
    /// <param name="local">The address.</param>
    /// <returns>The length with padding, so that another message can follow.</returns>
    internal static int Write(Span<byte> control, in LocalAddress local)
    {
        var bytes = local.IsIPv4 ? IPv4Bytes : IPv6Bytes;
        var length = HeaderBytes + bytes;
        var padded = (length + WordBytes - 1) & -WordBytes;
        control[..padded].Clear();
        MemoryMarshal.Write(control, (ulong)length);
        MemoryMarshal.Write(control[8..], local.IsIPv4 ? IPv4Level : IPv6Level);
        MemoryMarshal.Write(control[12..], local.IsIPv4 ? IPv4Type : IPv6Type);
        var value = control.Slice(HeaderBytes, bytes);
        if (local.IsIPv4)
        {
            local.CopyTo(value[4..]);
        }
        else
        {
            local.CopyTo(value);
            MemoryMarshal.Write(value[LocalAddress.IPv6Length..], local.Interface);
        }

        return padded;
    }

    // The kernel's choice for an answer differs from the destination if that is a broadcast or multicast address (fib_compute_spec_dst in
    // net/ipv4/fib_frontend.c).
    private static bool TryReadIPv4(ReadOnlySpan<byte> value, out LocalAddress local)
    {
        local = default;
        return value.Length >= IPv4Bytes && value[4..8].SequenceEqual(value[8..12]) && LocalAddress.TryReadIPv4(value[8..12], out local);
    }

    private static bool TryReadIPv6(ReadOnlySpan<byte> value, out LocalAddress local)
    {
        local = default;
        if (value.Length < IPv6Bytes)
            return false;
        var arrivedAt = MemoryMarshal.Read<uint>(value[LocalAddress.IPv6Length..]);
        return LocalAddress.TryReadIPv6(value[..LocalAddress.IPv6Length], arrivedAt, out local);
    }
}
