using System.Globalization;
using System.Text;

namespace Shortline.Hosting.Text;

/// <summary>
/// Makes text from outside (from a client, from a file) safe to print: one line, without terminal commands, of bounded length.
/// </summary>
public static class SafeText
{
    /// <summary>
    /// Appends the first <paramref name="limit"/> characters of <paramref name="text"/>, and the number of the others, unless it would be
    /// longer than they are. Control characters, line separators and text direction overrides are written as <c>\n</c> or <c>\u001b</c>.
    /// </summary>
    public static void Append(StringBuilder builder, ReadOnlySpan<char> text, int limit)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var kept = CutAt(text.Length, limit, out var note);
        for (var rest = text[..kept]; !rest.IsEmpty;)
        {
            var plain = PlainLength(rest);
            builder.Append(rest[..plain]);
            if (plain == rest.Length)
                break;
            AppendEscaped(builder, rest[plain]);
            rest = rest[(plain + 1)..];
        }

        builder.Append(note);
    }

    /// <summary>Where a text is cut.</summary>
    /// <param name="length">The length of the text.</param>
    /// <param name="limit">The characters to keep.</param>
    /// <param name="note">What replaces the others: their number; empty if the text is not cut, because its rest is shorter than that.</param>
    public static int CutAt(int length, int limit, out string note)
    {
        note = length <= limit ? "" : string.Create(CultureInfo.InvariantCulture, $"… ({length - limit} characters more)");
        if (length - limit > note.Length)
            return limit;
        note = "";
        return length;
    }

    /// <summary>Returns what <see cref="Append"/> would append; <paramref name="text"/> itself if nothing in it has to change.</summary>
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

    // Besides control characters: the line and paragraph separators, and the marks that reverse the direction of the text behind them.
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
