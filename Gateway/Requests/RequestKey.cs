using System.Buffers.Binary;
using Shortline.Gateway.Udp;
using Shortline.Protocol.Requests;

namespace Shortline.Gateway.Requests;

/// <summary>
/// The identity of a request: the client id and the id of the request. If there is no client id, the address of the client takes its
/// place, so that two clients that both count from 1 never get each other's answers.
/// </summary>
internal static class RequestKey
{
    /// <summary>Writes the key, which ends with the id.</summary>
    /// <param name="destination">At least 29 bytes longer than the id: one byte for the kind and the longest address.</param>
    public static ReadOnlySpan<byte> Write(Span<byte> destination, scoped in RequestView request, scoped in PeerAddress peer)
    {
        int prefix;
        if (request.HasClientId)
        {
            destination[0] = (byte)'c';
            BinaryPrimitives.WriteInt64LittleEndian(destination[1..], request.ClientId);
            prefix = 1 + sizeof(long);
        }
        else
        {
            destination[0] = (byte)'p';
            peer.Bytes.CopyTo(destination[1..]);
            prefix = 1 + peer.Bytes.Length;
        }

        request.Id.CopyTo(destination[prefix..]);
        return destination[..(prefix + request.Id.Length)];
    }

    /// <summary>A hash that differs between processes, so that an attacker cannot cause collisions.</summary>
    public static int Hash(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        return hash.ToHashCode();
    }
}
