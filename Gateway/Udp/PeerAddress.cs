using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Shortline.Gateway.Udp;

/// <summary>
/// The source of a request: a socket address of the system (<c>sockaddr_in</c> or <c>sockaddr_in6</c>) by value, or a connection. Storing
/// it allocates nothing, and answering it needs no conversion. An IPv4 address that is mapped to IPv6 (::ffff:a.b.c.d), as a socket for
/// both has it, is stored as the IPv4 address.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct PeerAddress : IEquatable<PeerAddress>
{
    /// <summary>The length of a <c>sockaddr_in</c> in bytes.</summary>
    internal const int IPv4Length = 16;

    /// <summary>The address family of a connection; no system uses this value.</summary>
    private const ushort ConnectionFamily = 0xFFFF;

    /// <summary>The seed of <see cref="MachineKey"/>.</summary>
    private static readonly long Seed = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>The length of a connection in bytes: family, a port other than 0, number and generation.</summary>
    private const int ConnectionLength = 12;

    /// <summary>The length of a <c>sockaddr_in6</c> in bytes, the longest address that fits.</summary>
    internal const int IPv6Length = 28;

    /// <summary>The bits of the port in the first word.</summary>
    private const ulong PortMask = 0xFFFF_0000;

    /// <summary>What precedes an IPv4 address that is mapped to IPv6, in the second half of the address.</summary>
    private const uint Mapping = 0xFFFF_0000;

    /// <summary>The second half of the address ::1.</summary>
    private const ulong IPv6LoopbackTail = 1UL << 56;

    /// <summary>The first two bytes of a socket address: on Linux and Windows the address family, elsewhere also its length.</summary>
    private static readonly ushort IPv4Family = FamilyOf(IPAddress.Any);
    private static readonly ushort IPv6Family = FamilyOf(IPAddress.IPv6Any);

    // The kernel writes the first 28 bytes directly. Unused bytes are zero, so addresses can be compared as words.
    private readonly ulong _familyPortAndIPv4;
    private readonly ulong _addressHead;
    private readonly ulong _addressTail;
    private readonly uint _scope;
    private readonly byte _length;

    /// <summary>Copies a socket address in the layout of the system.</summary>
    /// <exception cref="ArgumentException">The address is longer than a <c>sockaddr_in6</c>.</exception>
    internal PeerAddress(ReadOnlySpan<byte> socketAddress)
    {
        if (socketAddress.Length > IPv6Length)
            throw new ArgumentException($"A socket address of {socketAddress.Length} bytes is neither IPv4 nor IPv6.", nameof(socketAddress));
        socketAddress.CopyTo(MemoryMarshal.AsBytes(new Span<PeerAddress>(ref this)));
        _length = (byte)socketAddress.Length;
    }

    private PeerAddress(ulong familyPortAndIPv4, ulong addressHead, ulong addressTail, uint scope, int length, ushort local)
    {
        (_familyPortAndIPv4, _addressHead, _addressTail, _scope) = (familyPortAndIPv4, addressHead, addressTail, scope);
        (_length, Local) = ((byte)length, local);
    }

    private PeerAddress(int number, uint generation, in PeerAddress remote)
    {
        _familyPortAndIPv4 = ConnectionFamily | (1UL << 16) | ((ulong)(uint)number << 32);
        _length = ConnectionLength;

        // A connection needs no address, so there is room for what is derived from the one of its client.
        var key = remote.MachineKey;
        (_addressHead, _addressTail, _scope) = (generation | (key << 32), remote.MachineHash, (uint)(key >> 32));
    }

    /// <summary>
    /// The number of the local address to which the request was sent and from which its answer leaves (see <see cref="LocalAddresses"/>);
    /// <see cref="LocalAddresses.None"/> if the system chooses one. It is about this machine and no part of the identity of the source.
    /// </summary>
    internal ushort Local { get; }

    /// <summary>Whether this is a connection and not a socket address.</summary>
    internal bool IsConnection => _length == ConnectionLength;

    /// <summary>
    /// Whether this is an address of the loopback interface. Systems drop datagrams from other machines that claim to come from there.
    /// </summary>
    internal bool IsLoopback => _length switch
    {
        IPv4Length => (byte)(_familyPortAndIPv4 >> 32) == 127,
        IPv6Length => _addressHead == 0 && _addressTail == IPv6LoopbackTail,
        _ => false,
    };

    /// <summary>The number of a connection.</summary>
    internal int Connection => (int)(_familyPortAndIPv4 >> 32);

    /// <summary>Distinguishes connections that have the same number one after the other.</summary>
    internal uint Generation => (uint)_addressHead;

    /// <summary>The address in the layout of the system; empty for <c>default</c>.</summary>
    [UnscopedRef]
    internal ReadOnlySpan<byte> Bytes => AllBytes[.._length];

    /// <summary>The port, 0 to 65535. An answer to port 0 cannot be sent.</summary>
    internal int Port
    {
        get
        {
            var portBytes = AllBytes.Slice(2, 2);
            return (portBytes[0] << 8) | portBytes[1];
        }
    }

    [UnscopedRef]
    private ReadOnlySpan<byte> AllBytes => MemoryMarshal.AsBytes(new ReadOnlySpan<PeerAddress>(in this));

    internal static int LengthOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? IPv6Length : IPv4Length;

    /// <summary>Creates the address of a connection.</summary>
    /// <param name="number">Its number while it is open, at least 0.</param>
    /// <param name="generation">Distinguishes it from earlier connections with this number.</param>
    /// <param name="remote">The address of the client.</param>
    internal static PeerAddress OfConnection(int number, uint generation, IPEndPoint remote) => new(number, generation, From(remote));

    internal static PeerAddress From(IPEndPoint endPoint) => From(endPoint.Serialize());

    internal static PeerAddress From(SocketAddress address) =>
        new PeerAddress(address.Buffer.Span[..address.Size]).WithoutMapping(LocalAddresses.None);

    /// <summary>The address after the kernel has written the first <paramref name="length"/> bytes of it.</summary>
    /// <param name="length">The length of a <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</param>
    /// <param name="local">The number of the local address to which the datagram was sent.</param>
    internal PeerAddress Received(int length, ushort local) =>
        new PeerAddress(_familyPortAndIPv4, _addressHead, _addressTail, _scope, length, local).WithoutMapping(local);

    internal IPEndPoint ToEndPoint()
    {
        IPEndPoint any = _length == IPv6Length ? new(IPAddress.IPv6Any, 0) : new(IPAddress.Any, 0);
        var address = new SocketAddress(any.AddressFamily, _length);
        CopyTo(address);
        return (IPEndPoint)any.Create(address);
    }

    internal void CopyTo(SocketAddress address)
    {
        Bytes.CopyTo(address.Buffer.Span);
        address.Size = _length;
    }

    /// <summary>Whether a datagram to an address can be sent in one message with a datagram to this one.</summary>
    internal bool LeavesWith(in PeerAddress other) => Equals(other) && Local == other.Local;

    /// <summary>The address in the form of IPv6, which a socket for both requires on systems other than Linux.</summary>
    internal PeerAddress MappedToIPv6()
    {
        if (_length != IPv4Length)
            return this;
        var familyAndPort = IPv6Family | (_familyPortAndIPv4 & PortMask);
        return new PeerAddress(familyAndPort, 0, Mapping | (_familyPortAndIPv4 & ~(ulong)uint.MaxValue), 0, IPv6Length, Local);
    }

    private PeerAddress WithoutMapping(ushort local)
    {
        if (_length != IPv6Length || _addressHead != 0 || (uint)_addressTail != Mapping)
            return this;
        var ipv4 = _addressTail & ~(ulong)uint.MaxValue;
        return new PeerAddress(IPv4Family | (_familyPortAndIPv4 & PortMask) | ipv4, 0, 0, 0, IPv4Length, local);
    }

    private static ushort FamilyOf(IPAddress address) => MemoryMarshal.Read<ushort>(new IPEndPoint(address, 0).Serialize().Buffer.Span);

    /// <summary>
    /// A hash (XXH3) whose every bit depends on every bit of the address and the seed. Each table needs its own seed, so that an attacker
    /// cannot cause collisions.
    /// </summary>
    internal ulong Hash(ulong seed)
    {
        ReadOnlySpan<ulong> parts = [_familyPortAndIPv4, _addressHead, _addressTail, _scope];
        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(parts), (long)seed);
    }

    /// <summary>A hash of the address without its port; the same in every process.</summary>
    internal ulong MachineHash
    {
        get
        {
            if (IsConnection)
                return _addressTail;

            return HashMachine(seed: 0);
        }
    }

    /// <summary>
    /// A hash of the address without its port; the same in this process only, so that nobody can choose an address with the hash of another one.
    /// </summary>
    internal ulong MachineKey => IsConnection ? (_addressHead >> 32) | ((ulong)_scope << 32) : HashMachine(Seed);

    private ulong HashMachine(long seed)
    {
        var ipv4 = _length == IPv4Length ? _familyPortAndIPv4 >> 32 : 0;
        ReadOnlySpan<ulong> machine = [ipv4, _addressHead, _addressTail];
        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(machine), seed);
    }

    /// <summary>Whether the sources are equal, whatever local addresses they sent to.</summary>
    public bool Equals(PeerAddress other) =>
        _familyPortAndIPv4 == other._familyPortAndIPv4
        && _addressHead == other._addressHead
        && _addressTail == other._addressTail
        && _scope == other._scope
        && _length == other._length;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PeerAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_familyPortAndIPv4, _addressHead, _addressTail, _scope);

    public override string ToString() => _length switch
    {
        IPv4Length or IPv6Length => ToEndPoint().ToString(),
        ConnectionLength => string.Create(CultureInfo.InvariantCulture, $"tcp connection {Connection}"),
        _ => "nowhere",
    };

    public static bool operator ==(PeerAddress left, PeerAddress right) => left.Equals(right);

    public static bool operator !=(PeerAddress left, PeerAddress right) => !left.Equals(right);
}
