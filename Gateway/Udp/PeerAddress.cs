using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Shortline.Gateway;

/// <summary>
/// Where a datagram came from: the system's own socket address (<c>sockaddr_in</c> or <c>sockaddr_in6</c>) by value, so
/// that remembering a peer allocates nothing and answering it converts nothing.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct PeerAddress : IEquatable<PeerAddress>
{
    /// <summary>Bytes of a <c>sockaddr_in</c>.</summary>
    internal const int IPv4Length = 16;

    /// <summary>What a <see cref="OfConnection"/> has in place of an address family; no system uses it.</summary>
    private const ushort ConnectionFamily = 0xFFFF;

    /// <summary>Bytes of <see cref="OfConnection"/>: family, a port that is not 0, number and generation.</summary>
    private const int ConnectionLength = 12;

    /// <summary>Bytes of a <c>sockaddr_in6</c>, the longest that fits.</summary>
    internal const int IPv6Length = 28;

    // The kernel writes the first 28 bytes directly. Those it does not use are zero, so equality compares words.
    private readonly ulong _familyPortAndIPv4;
    private readonly ulong _addressHead;
    private readonly ulong _addressTail;
    private readonly uint _scope;
    private readonly int _length;

    /// <summary>Copies a socket address as the system lays it out.</summary>
    /// <exception cref="ArgumentException">It is longer than a <c>sockaddr_in6</c>.</exception>
    internal PeerAddress(ReadOnlySpan<byte> socketAddress)
    {
        if (socketAddress.Length > IPv6Length)
            throw new ArgumentException($"A socket address of {socketAddress.Length} bytes is neither IPv4 nor IPv6.", nameof(socketAddress));
        socketAddress.CopyTo(MemoryMarshal.AsBytes(new Span<PeerAddress>(ref this)));
        _length = socketAddress.Length;
    }

    private PeerAddress(int number, uint generation, ulong machine)
    {
        (_familyPortAndIPv4, _addressHead, _addressTail) = (ConnectionFamily | (1UL << 16) | ((ulong)(uint)number << 32), generation, machine);
        _length = ConnectionLength;
    }

    /// <summary>Whether it is a connection, not a socket address.</summary>
    internal bool IsConnection => _length == ConnectionLength;

    /// <summary>The number of a connection.</summary>
    internal int Connection => (int)(_familyPortAndIPv4 >> 32);

    /// <summary>Tells a connection from an earlier one of the same number.</summary>
    internal uint Generation => (uint)_addressHead;

    /// <summary>The address as the system lays it out; empty for <c>default</c>.</summary>
    [UnscopedRef]
    internal ReadOnlySpan<byte> Bytes => AllBytes[.._length];

    /// <summary>0 to 65535. Nobody can be answered at port 0.</summary>
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

    /// <summary>A connection, by the number that it has while it lives.</summary>
    /// <param name="number">At least 0.</param>
    /// <param name="generation">Which of the connections with this number.</param>
    /// <param name="remote">Who is at its other end.</param>
    internal static PeerAddress OfConnection(int number, uint generation, IPEndPoint remote) => new(number, generation, From(remote).MachineHash);

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
    /// A hash (XXH3) whose every bit depends on every bit of the address and the seed. Give each table its own seed, so that its collisions
    /// cannot be aimed at.
    /// </summary>
    internal ulong Hash(ulong seed)
    {
        ReadOnlySpan<ulong> parts = [_familyPortAndIPv4, _addressHead, _addressTail, _scope];
        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(parts), (long)seed);
    }

    /// <summary>A hash of the machine, whatever its port: the same in every process.</summary>
    internal ulong MachineHash
    {
        get
        {
            if (IsConnection)
                return _addressTail;

            var ipv4 = _length == IPv4Length ? _familyPortAndIPv4 >> 32 : 0;
            ReadOnlySpan<ulong> machine = [ipv4, _addressHead, _addressTail];
            return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(machine));
        }
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
