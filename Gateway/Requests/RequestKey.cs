using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using Shortline.Gateway.Udp;
using Shortline.Protocol.Requests;

namespace Shortline.Gateway.Requests;

/// <summary>
/// The identity of a request, by which a repeat is recognised: the address of the client without its port, its client id, the id, and a hash
/// of operation and payload. A client may repeat a request from another socket, but nobody gets the answer to the request of another machine,
/// and a reused id with other work is another request.
/// </summary>
/// <remarks>
/// A client without a client id is one socket. Otherwise two programs on one machine that both count from 1 would get each other's answers.
/// </remarks>
internal static class RequestKey
{
    /// <summary>The longest key: the kind, the longest address or a machine and a client id, the hash of the work, and the longest id.</summary>
    public const int MaxLength = 1 + PeerAddress.IPv6Length + sizeof(ulong) + RequestParser.MaxIdLength;

    /// <summary>Differs between processes, so that an attacker cannot cause collisions.</summary>
    private static readonly long Seed = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>Writes the key, which ends with the id.</summary>
    /// <param name="destination">Memory of <see cref="MaxLength"/> bytes.</param>
    /// <param name="request">The request.</param>
    /// <param name="peer">The client.</param>
    public static ReadOnlySpan<byte> Write(Span<byte> destination, scoped in RequestView request, scoped in PeerAddress peer)
    {
        int length;
        if (request.HasClientId)
        {
            destination[0] = (byte)'c';
            BinaryPrimitives.WriteUInt64LittleEndian(destination[1..], peer.MachineKey);
            BinaryPrimitives.WriteInt64LittleEndian(destination[(1 + sizeof(ulong))..], request.ClientId);
            length = 1 + sizeof(ulong) + sizeof(long);
        }
        else
        {
            destination[0] = (byte)'p';
            peer.Bytes.CopyTo(destination[1..]);
            length = 1 + peer.Bytes.Length;
        }

        var work = XxHash3.HashToUInt64(request.Payload, (long)XxHash3.HashToUInt64(request.Operation, Seed));
        BinaryPrimitives.WriteUInt64LittleEndian(destination[length..], work);
        length += sizeof(ulong);
        request.Id.CopyTo(destination[length..]);
        return destination[..(length + request.Id.Length)];
    }

    /// <summary>A hash of a key, the same in this process only.</summary>
    public static int Hash(ReadOnlySpan<byte> key) => (int)XxHash3.HashToUInt64(key, Seed);
}
