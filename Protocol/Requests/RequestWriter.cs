using Shortline.Protocol.Json;

namespace Shortline.Protocol.Requests;

/// <summary>Writes requests: one JSON object per datagram or line.</summary>
public static class RequestWriter
{
    /// <summary>
    /// Writes a request: first the members that change from one request to the next (id and timeout), then the rest. Allocates nothing.
    /// </summary>
    /// <returns>The number of bytes written, or -1 if <paramref name="destination"/> is too short.</returns>
    public static int Write(Span<byte> destination, in Request request)
    {
        var head = WriteHead(destination, request.Id, request.TimeoutMs);
        if (head < 0)
            return -1;
        var tail = WriteTail(destination[head..], request);
        return tail < 0 ? -1 : head + tail;
    }

    /// <summary>Writes the part that differs between similar requests: <c>{"id":1,"timeout_ms":5000</c>. A tail must follow.</summary>
    /// <param name="destination">The memory to write to.</param>
    /// <param name="id">The id of the request.</param>
    /// <param name="timeoutMs">Milliseconds that the sender waits for the response; 0 omits it.</param>
    /// <param name="token">
    /// The token of a <c>verify</c> response, as <see cref="Responses.ResponseView.Token"/> has it; empty omits it.
    /// </param>
    /// <returns>The number of bytes written, or -1 if <paramref name="destination"/> is too short.</returns>
    public static int WriteHead(Span<byte> destination, long id, int timeoutMs, ReadOnlySpan<byte> token = default)
    {
        var cursor = new Utf8Cursor(destination);
        cursor.Append("{\"id\":"u8);
        cursor.Append(id);
        if (timeoutMs > 0)
        {
            cursor.Append(",\"timeout_ms\":"u8);
            cursor.Append((long)timeoutMs);
        }

        if (!token.IsEmpty)
        {
            cursor.Append(",\"token\":\""u8);
            cursor.Append(token);
            cursor.Append((byte)'"');
        }

        return cursor.Result;
    }

    /// <summary>
    /// Writes the part that similar requests have in common, from the comma before <c>client_id</c> to the closing brace. A sender
    /// writes it once and copies it after each head.
    /// </summary>
    /// <returns>The number of bytes written, or -1 if <paramref name="destination"/> is too short.</returns>
    public static int WriteTail(Span<byte> destination, in Request request)
    {
        var cursor = new Utf8Cursor(destination);
        if (request.ClientId >= 0)
        {
            cursor.Append(",\"client_id\":"u8);
            cursor.Append(request.ClientId);
        }

        cursor.Append(",\"operation\":\""u8);
        cursor.Append(request.Operation);
        cursor.Append((byte)'"');
        if (!request.Payload.IsEmpty)
        {
            cursor.Append(",\"payload\":"u8);
            cursor.Append(request.Payload);
        }

        if (!request.Idempotent)
            cursor.Append(",\"idempotent\":false"u8);
        if (request.Priority != RequestParser.UsualPriority)
        {
            cursor.Append(",\"priority\":"u8);
            cursor.Append((long)request.Priority);
        }

        cursor.Append((byte)'}');
        return cursor.Result;
    }
}
