using System.Buffers.Text;
using System.Globalization;

namespace Shortline.Bench.Load;

/// <summary>
/// The echo request for every target, as JSON over UDP. Ids have 16 hexadecimal digits, so all requests have the same length.
/// </summary>
internal static class EchoRequest
{
    private const int IdDigits = 16;

    private static ReadOnlySpan<byte> IdName => "\"id\":\""u8;

    private static ReadOnlySpan<byte> StatusName => "\"status\":\""u8;

    private static ReadOnlySpan<byte> Head => "{\"id\":\""u8;

    private static ReadOnlySpan<byte> Tail => "\",\"client_id\":1000,\"operation\":\"echo\",\"payload\":{\"text\":\"the quick brown fox\"}}"u8;

    /// <summary>The length of every request in bytes.</summary>
    internal static int Length => Head.Length + IdDigits + Tail.Length;

    internal static byte[] Create(ulong id)
    {
        var request = new byte[Length];
        Write(request, id);
        return request;
    }

    internal static void Write(Span<byte> request, ulong id)
    {
        Head.CopyTo(request);
        Utf8Formatter.TryFormat(id, request[Head.Length..], out _, new('x', IdDigits));
        Tail.CopyTo(request[(Head.Length + IdDigits)..]);
    }

    /// <summary>Reads the id of a response. The response of an echo server is the request itself.</summary>
    internal static bool TryReadId(ReadOnlySpan<byte> response, out ulong id)
    {
        id = 0;
        var start = response.IndexOf(IdName);
        if (start < 0)
            return false;
        var digits = response[(start + IdName.Length)..];
        return digits.Length >= IdDigits && ulong.TryParse(digits[..IdDigits], NumberStyles.AllowHexSpecifier, null, out id);
    }

    /// <summary>Whether a response has the status <c>ok</c>, or is the complete request from an echo server.</summary>
    internal static bool IsOk(ReadOnlySpan<byte> response)
    {
        var start = response.IndexOf(StatusName);
        if (start < 0)
            return response.Length == Length && response.EndsWith(Tail);
        return response[(start + StatusName.Length)..].StartsWith("ok\""u8);
    }
}
