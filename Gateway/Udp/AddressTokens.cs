using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Shortline.Gateway.Udp;

/// <summary>
/// Tokens that prove an address: only who receives datagrams at an address and port learns its token. The gateway remembers none, because
/// a token is a keyed hash of address, port and time. Thread-safe; allocates nothing except for a new key every <see cref="Lifetime"/>.
/// </summary>
/// <remarks>
/// As the tokens of QUIC (RFC 9000, section 8.1.4). A token has the time at which it was made, in units, and the first bytes of an
/// HMAC-SHA256. A new key is made for each lifetime, and the one before is kept, so that a token is valid for as long as a lifetime.
/// </remarks>
/// <param name="time">The clock.</param>
internal sealed class AddressTokens(TimeProvider time)
{
    /// <summary>The length of a token in base64url, without padding.</summary>
    public const int Length = ((TokenBytes * 4) + 2) / 3;

    /// <summary>
    /// How long a token is valid. A client needs one exchange more in this time, and someone else who gets the address of a client may use
    /// its token for as long.
    /// </summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int TimeBytes = sizeof(ushort);

    /// <summary>112 bits cannot be guessed, and a token of this length fits into the answer to the shortest request.</summary>
    private const int HashBytes = 14;

    private const int TokenBytes = TimeBytes + HashBytes;

    private const int UnitsPerLifetime = 60;

    private static readonly TimeSpan Unit = Lifetime / UnitsPerLifetime;

    private readonly Lock _lock = new();
    private readonly long _startedAt = time.GetTimestamp();
    private volatile Keys _keys = new(0, NewKey(), NewKey());

    /// <summary>Writes the token of an address.</summary>
    /// <param name="destination">Memory of <see cref="Length"/> bytes.</param>
    /// <param name="peer">The address, not a connection.</param>
    public void Write(Span<byte> destination, in PeerAddress peer)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        var now = Now();
        Make(token, KeysAt(now).Current, now, peer);
        Base64Url.EncodeToUtf8(token, destination, out _, out _);
    }

    /// <summary>Whether a token was made for an address less than <see cref="Lifetime"/> ago.</summary>
    public bool IsValid(ReadOnlySpan<byte> token, in PeerAddress peer)
    {
        Span<byte> given = stackalloc byte[TokenBytes];
        if (token.Length != Length || Base64Url.DecodeFromUtf8(token, given, out _, out var length) != OperationStatus.Done)
            return false;
        if (length != TokenBytes)
            return false;

        var now = Now();
        var age = (ushort)(now - BinaryPrimitives.ReadUInt16LittleEndian(given));
        if (age > UnitsPerLifetime || age > now)
            return false;

        var keys = KeysAt(now);
        var madeAt = now - age;
        Span<byte> expected = stackalloc byte[TokenBytes];
        Make(expected, madeAt / UnitsPerLifetime == keys.Period ? keys.Current : keys.Previous, madeAt, peer);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

    private static void Make(Span<byte> token, byte[] key, long madeAt, in PeerAddress peer)
    {
        Span<byte> source = stackalloc byte[TimeBytes + PeerAddress.IPv6Length];
        BinaryPrimitives.WriteUInt16LittleEndian(source, (ushort)madeAt);
        peer.Bytes.CopyTo(source[TimeBytes..]);

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, source[..(TimeBytes + peer.Bytes.Length)], hash);
        source[..TimeBytes].CopyTo(token);
        hash[..HashBytes].CopyTo(token[TimeBytes..]);
    }

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <summary>The present time in units since the process began.</summary>
    private long Now() => time.GetElapsedTime(_startedAt).Ticks / Unit.Ticks;

    private Keys KeysAt(long now)
    {
        var keys = _keys;
        return keys.Period >= now / UnitsPerLifetime ? keys : Rotate(now / UnitsPerLifetime);
    }

    private Keys Rotate(long period)
    {
        lock (_lock)
        {
            if (_keys.Period < period)
                _keys = new Keys(period, NewKey(), _keys.Period == period - 1 ? _keys.Current : NewKey());
            return _keys;
        }
    }

    /// <summary>The keys of a period, which is as long as <see cref="Lifetime"/>, and of the one before it.</summary>
    private sealed record Keys(long Period, byte[] Current, byte[] Previous);
}
