using System.Buffers.Text;

namespace Shortline.Protocol;

/// <summary>One whole JSON value where it lies in its text.</summary>
internal readonly ref struct JsonToken(JsonKind kind, ReadOnlySpan<byte> raw, bool escaped)
{
    public JsonKind Kind { get; } = kind;

    /// <summary>The value as it came; strings with their quotes.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>Whether it is a string with a backslash in it.</summary>
    public bool Escaped { get; } = escaped;

    /// <summary>A string without its quotes, its escapes as they came.</summary>
    public ReadOnlySpan<byte> Content => Raw[1..^1];

    /// <summary>Reads an integer: no fraction, no exponent, within 64 bits.</summary>
    public bool TryInteger(out long value)
    {
        value = 0;
        return Kind == JsonKind.Number && Utf8Parser.TryParse(Raw, out value, out var consumed) && consumed == Raw.Length;
    }
}

/// <summary>What a JSON value is.</summary>
internal enum JsonKind
{
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
}
