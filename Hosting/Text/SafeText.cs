using System.Globalization;
using System.Text;

namespace Shortline.Hosting;

/// <summary>Makes text of others (a client's, a file's) safe to print: one line, no terminal commands, bounded.</summary>
public static class SafeText
{
    /// <summary>
    /// Appends <paramref name="text"/>, with control characters, line separators and text direction overrides as <c>\n</c> or <c>\u001b</c>,
    /// cut after <paramref name="limit"/> characters of it.
    /// </summary>
    public static void Append(StringBuilder builder, ReadOnlySpan<char> text, int limit)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var kept = Math.Min(text.Length, limit);
        for (var rest = text[..kept]; !rest.IsEmpty;)
        {
            var plain = PlainLength(rest);
            builder.Append(rest[..plain]);
            if (plain == rest.Length)
                break;
            AppendEscaped(builder, rest[plain]);
            rest = rest[(plain + 1)..];
        }

        if (kept < text.Length)
            builder.Append(CultureInfo.InvariantCulture, $"… ({text.Length - kept} characters more)");
    }

    /// <summary>The same as a string.</summary>
    public static string Of(string text, int limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= limit && PlainLength(text) == text.Length)
            return text;
        var builder = new StringBuilder(Math.Min(text.Length, limit) + 32);
        Append(builder, text, limit);
        return builder.ToString();
    }

    private static int PlainLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && !MustEscape(text[length]))
            length++;
        return length;
    }

    // Besides control characters: line and paragraph separator, and the marks that reverse the direction of what follows.
    private static bool MustEscape(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static void AppendEscaped(StringBuilder builder, char c)
    {
        _ = c switch
        {
            '\n' => builder.Append("\\n"),
            '\r' => builder.Append("\\r"),
            '\t' => builder.Append("\\t"),
            _ => builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        };
    }
}
