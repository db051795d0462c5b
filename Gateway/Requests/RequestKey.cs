using System.Buffers.Binary;

namespace Shortline.Gateway;

/// <summary>
/// What makes two datagrams the same request: the client's number and the id, or, when the client gives no number, its address and
/// the id. So two clients that both count from 1 never get each other's answers.
/// </summary>
internal static class RequestKey
{
    /// <summary>Writes the key, which ends with the id.</summary>
    /// <param name="destination">At least 29 bytes (the longest address and a mark) longer than the id.</param>
    public static ReadOnlySpan<byte> Write(Span<byte> destination, in RequestView request, in PeerAddress peer)
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

    /// <summary>A hash that differs from process to process, so that nobody can aim at one bucket.</summary>
    public static int Hash(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        return hash.ToHashCode();
    }
}
