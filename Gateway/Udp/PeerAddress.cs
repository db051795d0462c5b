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
/// it allocates nothing, and answering it needs no conversion.
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

    // The kernel writes the first 28 bytes directly. Unused bytes are zero, so addresses can be compared as words.
    private readonly ulong _familyPortAndIPv4;
    private readonly ulong _addressHead;
    private readonly ulong _addressTail;
    private readonly uint _scope;
    private readonly int _length;

    /// <summary>Copies a socket address in the layout of the system.</summary>
    /// <exception cref="ArgumentException">The address is longer than a <c>sockaddr_in6</c>.</exception>
    internal PeerAddress(ReadOnlySpan<byte> socketAddress)
    {
        if (socketAddress.Length > IPv6Length)
            throw new ArgumentException($"A socket address of {socketAddress.Length} bytes is neither IPv4 nor IPv6.", nameof(socketAddress));
        socketAddress.CopyTo(MemoryMarshal.AsBytes(new Span<PeerAddress>(ref this)));
        _length = socketAddress.Length;
    }

    private PeerAddress(int number, uint generation, in PeerAddress remote)
    {
        _familyPortAndIPv4 = ConnectionFamily | (1UL << 16) | ((ulong)(uint)number << 32);
        _length = ConnectionLength;

        // A connection needs no address, so there is room for what is derived from the one of its client.
        var key = remote.MachineKey;
        (_addressHead, _addressTail, _scope) = (generation | (key << 32), remote.MachineHash, (uint)(key >> 32));
    }

    /// <summary>Whether this is a connection and not a socket address.</summary>
    internal bool IsConnection => _length == ConnectionLength;

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

    internal static PeerAddress From(SocketAddress address) => new(address.Buffer.Span[..address.Size]);

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
