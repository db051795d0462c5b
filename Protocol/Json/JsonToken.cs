using System.Buffers.Text;

namespace Shortline.Protocol.Json;

/// <summary>One complete JSON value. Its spans point into the text.</summary>
internal readonly ref struct JsonToken(JsonKind kind, ReadOnlySpan<byte> raw, bool escaped)
{
    public JsonKind Kind { get; } = kind;

    /// <summary>The raw value; strings include their quotes.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>Whether the value is a string that contains a backslash.</summary>
    public bool Escaped { get; } = escaped;

    /// <summary>The content of a string: without its quotes, with its escapes unchanged.</summary>
    public ReadOnlySpan<byte> Content => Raw[1..^1];

    /// <summary>Reads a 64-bit integer without fraction or exponent.</summary>
    public bool TryInteger(out long value)
    {
        value = 0;
        return Kind == JsonKind.Number && Utf8Parser.TryParse(Raw, out value, out var consumed) && consumed == Raw.Length;
    }
}

/// <summary>The type of a JSON value.</summary>
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
