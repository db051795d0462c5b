using System.Buffers.Text;
using System.Globalization;

namespace Shortline.Bench.Load;

/// <summary>The echo request that every target is sent, as JSON over UDP. Ids are 16 hexadecimal digits, so that all are of one length.</summary>
internal static class EchoRequest
{
    private const int IdDigits = 16;

    private static ReadOnlySpan<byte> IdName => "\"id\":\""u8;

    private static ReadOnlySpan<byte> StatusName => "\"status\":\""u8;

    private static ReadOnlySpan<byte> Head => "{\"id\":\""u8;

    private static ReadOnlySpan<byte> Tail => "\",\"client_id\":1000,\"operation\":\"echo\",\"payload\":{\"text\":\"the quick brown fox\"}}"u8;

    /// <summary>Bytes of every request.</summary>
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

    /// <summary>Reads the id of an answer, which is either a response or, from an echo server, the request itself.</summary>
    internal static bool TryReadId(ReadOnlySpan<byte> answer, out ulong id)
    {
        id = 0;
        var start = answer.IndexOf(IdName);
        if (start < 0)
            return false;
        var digits = answer[(start + IdName.Length)..];
        return digits.Length >= IdDigits && ulong.TryParse(digits[..IdDigits], NumberStyles.AllowHexSpecifier, null, out id);
    }

    /// <summary>Whether an answer is a response that says <c>ok</c>, or the request itself come back whole.</summary>
    internal static bool IsOk(ReadOnlySpan<byte> answer)
    {
        var start = answer.IndexOf(StatusName);
        if (start < 0)
            return answer.Length == Length && answer.EndsWith(Tail);
        return answer[(start + StatusName.Length)..].StartsWith("ok\""u8);
    }
}
