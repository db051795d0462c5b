using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Shortline.Protocol.Json;

/// <summary>Reads and writes the escapes in JSON strings.</summary>
internal static class JsonText
{
    /// <summary>The length of the escape at the beginning of <paramref name="text"/>, or 0 if there is no valid one.</summary>
    public static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '\\')
            return 0;
        if (text[1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
            return 2;
        return TryCodeUnit(text, out _) ? 6 : 0;
    }

    /// <summary>
    /// Whether valid JSON text contains the escape of only half a surrogate pair. Such a string cannot be converted to UTF-8.
    /// </summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> json)
    {
        while (true)
        {
            var backslash = json.IndexOf((byte)'\\');
            if (backslash < 0)
                return false;
            json = json[backslash..];
            if (!TryRune(json, out _, out var length))
                return true;
            json = json[length..];
        }
    }

    /// <summary>
    /// Replaces the escapes in a string's content by the characters that they stand for. A lone surrogate becomes U+FFFD.
    /// </summary>
    /// <returns>The number of bytes written, which is never more than the content has: every escape is longer than its character.</returns>
    public static int Unescape(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var backslash = content.IndexOf((byte)'\\');
            var plain = backslash < 0 ? content : content[..backslash];
            plain.CopyTo(destination[written..]);
            written += plain.Length;
            if (backslash < 0)
                return written;
            content = content[backslash..];
            TryRune(content, out var rune, out var length);
            written += rune.EncodeToUtf8(destination[written..]);
            content = content[length..];
        }
    }

    /// <summary>Converts a string's content to text. Allocates.</summary>
    public static string ToText(ReadOnlySpan<byte> content)
    {
        if (!content.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(content);
        var bytes = new byte[content.Length];
        return Encoding.UTF8.GetString(bytes, 0, Unescape(content, bytes));
    }

    /// <summary>
    /// Writes UTF-8 text as the content of a JSON string. Stops before the character that would make the content longer than
    /// <paramref name="limit"/> bytes. Invalid UTF-8 becomes U+FFFD.
    /// </summary>
    public static void Escape(ReadOnlySpan<byte> text, int limit, ref Utf8Cursor cursor)
    {
        Span<byte> escape = stackalloc byte[6];
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            var length = Escape(rune, escape);
            limit -= length;
            if (limit < 0)
                return;
            cursor.Append(escape[..length]);
            text = text[consumed..];
        }
    }

    private static int Escape(Rune rune, Span<byte> destination)
    {
        if (rune.Value is '"' or '\\')
        {
            destination[0] = (byte)'\\';
            destination[1] = (byte)rune.Value;
            return 2;
        }

        if (rune.Value >= 0x20)
            return rune.EncodeToUtf8(destination);
        "\\u00"u8.CopyTo(destination);
        Utf8Formatter.TryFormat(rune.Value, destination[4..], out _, new StandardFormat('x', 2));
        return 6;
    }

    private static bool TryRune(ReadOnlySpan<byte> escape, out Rune rune, out int length)
    {
        length = 2;
        if (!TryCodeUnit(escape, out var unit))
        {
            rune = new Rune(escape[1] switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                var itself => (char)itself,
            });
            return true;
        }

        length = 6;
        if (Rune.TryCreate(unit, out rune))
            return true;
        if (TryCodeUnit(escape[6..], out var low) && Rune.TryCreate(unit, low, out rune))
        {
            length = 12;
            return true;
        }

        rune = Rune.ReplacementChar;
        return false;
    }

    private static bool TryCodeUnit(ReadOnlySpan<byte> escape, out char unit)
    {
        unit = default;
        if (escape.Length < 6 || escape[0] != '\\' || escape[1] != 'u')
            return false;
        var value = 0;
        foreach (var digit in escape[2..6])
        {
            // ushort.TryParse is no alternative: it ignores trailing NUL bytes.
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        unit = (char)value;
        return true;
    }
}
