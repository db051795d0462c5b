using System.Text;
using Shortline.Protocol.Requests;

namespace Shortline.Client.Requests;

/// <summary>Writes the part of a request that stays the same when it is sent again.</summary>
internal static class RequestTail
{
    /// <summary>The largest tail that fits into a datagram.</summary>
    private const int MaxLength = RequestParser.MaxDatagram - RequestHead.MaxLength;

    // The names of the members, and the client id at its longest.
    private const int MaxFixed = 128;

    /// <exception cref="ArgumentException">The operation is not a valid name, or the payload does not fit into a datagram.</exception>
    public static byte[] Make(long clientId, string operation, ReadOnlySpan<byte> payload, bool idempotent, int priority = RequestParser.UsualPriority)
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        Span<byte> name = stackalloc byte[RequestParser.MaxOperationLength];
        if (!Encoding.UTF8.TryGetBytes(operation, name, out var nameLength) || !RequestParser.IsOperation(name[..nameLength]))
            throw new ArgumentException($"'{operation}' is not the name of an operation: 1 to 64 letters, digits, '_', '.' or '-'.", nameof(operation));

        var request = new Request { Id = 0, ClientId = clientId, Operation = name[..nameLength], Payload = payload, Idempotent = idempotent, Priority = priority };
        Span<byte> small = stackalloc byte[1024];
        var room = MaxFixed + nameLength + payload.Length;
        var tail = room <= small.Length ? small : new byte[room];
        var length = RequestWriter.WriteTail(tail, request);
        return length <= MaxLength
            ? tail[..length].ToArray()
            : throw new ArgumentException($"The payload of {payload.Length} bytes does not fit: a request has at most {RequestParser.MaxDatagram}.", nameof(payload));
    }
}
