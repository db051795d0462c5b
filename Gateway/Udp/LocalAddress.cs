using System.Buffers.Binary;
using System.Net;

namespace Shortline.Gateway.Udp;

/// <summary>
/// An address of this machine to which a datagram was sent, and from which its answer is to leave. An IPv4 address has the form of IPv6
/// (::ffff:a.b.c.d).
/// </summary>
/// <param name="Head">The first half of the address in network order.</param>
/// <param name="Tail">The second half.</param>
/// <param name="Interface">The index of the network interface of a link-local IPv6 address; 0 for other addresses.</param>
internal readonly record struct LocalAddress(ulong Head, ulong Tail, uint Interface)
{
    internal const int IPv4Length = 4;
    internal const int IPv6Length = 16;

    // ::ffff in the second half of an address whose first half is zero.
    private const uint MappedTail = 0x0000_FFFF;

    internal bool IsIPv4 => Head == 0 && Tail >> 32 == MappedTail;

    /// <summary>Reads an IPv4 address to which a datagram was sent.</summary>
    /// <param name="bytes">The address, <see cref="IPv4Length"/> bytes.</param>
    /// <param name="local">The address if an answer can leave from it.</param>
    /// <returns>False for multicast and broadcast addresses, and for 0.0.0.0.</returns>
    internal static bool TryReadIPv4(ReadOnlySpan<byte> bytes, out LocalAddress local)
    {
        const byte firstOfMulticast = 224;
        var address = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        local = new LocalAddress(0, ((ulong)MappedTail << 32) | address, 0);
        return bytes[0] is > 0 and < firstOfMulticast;
    }

    /// <summary>Reads an IPv6 address to which a datagram was sent.</summary>
    /// <param name="bytes">The address, <see cref="IPv6Length"/> bytes.</param>
    /// <param name="arrivedAt">The index of the interface that received the datagram.</param>
    /// <param name="local">The address if an answer can leave from it.</param>
    /// <returns>
    /// False for multicast addresses, for ::, and for IPv4 addresses, whose form does not tell whether they are for broadcasts.
    /// </returns>
    internal static bool TryReadIPv6(ReadOnlySpan<byte> bytes, uint arrivedAt, out LocalAddress local)
    {
        const byte multicast = 0xFF;
        var head = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        var isLinkLocal = head >> 54 == 0xFE80 >> 6;
        local = new LocalAddress(head, BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]), isLinkLocal ? arrivedAt : 0);
        return bytes[0] != multicast && !local.IsIPv4 && (local.Head, local.Tail) != (0, 0);
    }

    /// <summary>Writes the <see cref="IPv4Length"/> or <see cref="IPv6Length"/> bytes of the address.</summary>
    internal void CopyTo(Span<byte> bytes)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Tail);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, Head);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(ulong)..], Tail);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[IsIPv4 ? IPv4Length : IPv6Length];
        CopyTo(bytes);
        return (IsIPv4 ? new IPAddress(bytes) : new IPAddress(bytes, Interface)).ToString();
    }
}
