using Shortline.Protocol.Json;

namespace Shortline.Protocol.Responses;

/// <summary>Writes responses: one JSON object per datagram or line.</summary>
public static class ResponseWriter
{
    /// <summary>The maximum length of <see cref="Response.Error"/> in a response, in bytes.</summary>
    public const int MaxError = 256;

    /// <summary>
    /// The maximum length of <see cref="Response.ServerId"/>, <see cref="Response.Reason"/> and <see cref="Response.Token"/> in a response, in
    /// bytes.
    /// </summary>
    public const int MaxName = 64;

    // All names, quotes, commas and braces (about 140 bytes) and all numbers at their longest (about 75).
    private const int MaxFixed = 256;

    /// <summary>Writes a response. Allocates nothing and never throws. The output is valid JSON for any text.</summary>
    /// <returns>The number of bytes written, or -1 if <paramref name="destination"/> is too short.</returns>
    public static int Write(Span<byte> destination, in Response response)
    {
        var cursor = new Utf8Cursor(destination);
        cursor.Append((byte)'{');
        if (!response.Id.IsEmpty)
        {
            cursor.Append("\"id\":"u8);
            cursor.Append(response.Id);
            cursor.Append((byte)',');
        }

        if (response.HasClientId)
        {
            cursor.Append("\"client_id\":"u8);
            cursor.Append(response.ClientId);
            cursor.Append((byte)',');
        }

        cursor.Append("\"status\":\""u8);
        cursor.Append(ResponseStatuses.Utf8Name(response.Status));
        cursor.Append((byte)'"');
        WriteText(ref cursor, ",\"server_id\":\""u8, response.ServerId, MaxName);
        if (response.QueueLength >= 0)
            WriteNumber(ref cursor, ",\"queue_length\":"u8, response.QueueLength);
        if (!response.Result.IsEmpty)
        {
            cursor.Append(",\"result\":"u8);
            cursor.Append(response.Result);
        }

        WriteText(ref cursor, ",\"error\":\""u8, response.Error, MaxError);
        WriteText(ref cursor, ",\"reason\":\""u8, response.Reason, MaxName);
        WriteText(ref cursor, ",\"token\":\""u8, response.Token, MaxName);
        if (response.RetryAfterMs > 0)
            WriteNumber(ref cursor, ",\"retry_after_ms\":"u8, response.RetryAfterMs);
        if (response.ElapsedMicroseconds >= 0)
            WriteMilliseconds(ref cursor, response.ElapsedMicroseconds);
        cursor.Append((byte)'}');
        return cursor.Result;
    }

    /// <summary>An upper bound of the bytes that <see cref="Write"/> needs.</summary>
    public static int MaxLength(in Response response) =>
        MaxFixed + response.Id.Length + response.Result.Length
        + (response.ServerId.IsEmpty ? 0 : MaxName)
        + (response.Error.IsEmpty ? 0 : MaxError)
        + (response.Reason.IsEmpty ? 0 : MaxName)
        + (response.Token.IsEmpty ? 0 : MaxName);

    private static void WriteText(ref Utf8Cursor cursor, ReadOnlySpan<byte> opening, ReadOnlySpan<byte> text, int limit)
    {
        if (text.IsEmpty)
            return;
        cursor.Append(opening);
        JsonText.Escape(text, limit, ref cursor);
        cursor.Append((byte)'"');
    }

    private static void WriteNumber(ref Utf8Cursor cursor, ReadOnlySpan<byte> opening, long value)
    {
        cursor.Append(opening);
        cursor.Append(value);
    }

    private static void WriteMilliseconds(ref Utf8Cursor cursor, long microseconds)
    {
        var (milliseconds, thousandths) = Math.DivRem(microseconds, 1000);
        WriteNumber(ref cursor, ",\"elapsed_ms\":"u8, milliseconds);
        if (thousandths == 0)
            return;
        cursor.Append((byte)'.');
        for (var unit = 100; thousandths > 0; unit /= 10)
        {
            (var digit, thousandths) = Math.DivRem(thousandths, unit);
            cursor.Append((byte)('0' + digit));
        }
    }
}
