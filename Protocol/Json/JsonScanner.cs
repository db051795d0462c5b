using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Shortline.Protocol.Json;

/// <summary>
/// Reads JSON text (RFC 8259) forward, without allocating and without throwing. It checks the whole grammar. It does not check that
/// strings are valid UTF-8 or that escaped surrogates come in pairs: see <see cref="JsonText"/>.
/// </summary>
/// <remarks>
/// <c>Utf8JsonReader</c> reports a fault by throwing. One malformed datagram would then cost as much as a hundred good ones, and
/// any client could slow a gateway down by sending garbage.
/// </remarks>
internal ref struct JsonScanner(ReadOnlySpan<byte> text)
{
    /// <summary>The maximum nesting of objects and arrays, the outermost included; the default of <c>System.Text.Json</c>.</summary>
    public const int MaxDepth = 64;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _text = text;
    private int _position;

    /// <summary>The first fault, set when a method returns false because of one.</summary>
    public JsonFault Fault { get; private set; }

    /// <summary>The byte at the current position. At the end it is 0, which is not valid anywhere in JSON.</summary>
    private readonly byte Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (uint)_position < (uint)_text.Length ? _text[_position] : (byte)0;
    }

    /// <summary>Skips whitespace and returns whether the end of the text is reached.</summary>
    public bool AtEnd()
    {
        SkipWhitespace();
        return _position >= _text.Length;
    }

    /// <summary>Enters the object that begins at the current position, if any.</summary>
    public bool TryEnterObject()
    {
        SkipWhitespace();
        if (Current != '{')
            return false;
        _position++;
        return true;
    }

    /// <summary>Reads the next member's name and moves to its value. Returns false at the end of the object and on a fault.</summary>
    public bool NextMember(ref bool first, out JsonToken name)
    {
        name = default;
        SkipWhitespace();
        if (Current == '}' || !first)
        {
            var separator = Current;
            _position++;
            if (separator == '}')
                return false;
            if (separator != ',')
                return Fail();
            SkipWhitespace();
        }

        first = false;
        return TryName(out name);
    }

    /// <summary>Reads one complete value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="depth">The number of objects and arrays around the value.</param>
    public bool TryValue(out JsonToken value, int depth)
    {
        SkipWhitespace();
        var start = _position;
        var kind = Current switch
        {
            (byte)'{' => JsonKind.Object,
            (byte)'[' => JsonKind.Array,
            (byte)'"' => JsonKind.String,
            (byte)'t' => JsonKind.True,
            (byte)'f' => JsonKind.False,
            (byte)'n' => JsonKind.Null,
            _ => JsonKind.Number,
        };
        var escaped = false;
        var whole = kind is JsonKind.Object or JsonKind.Array ? SkipContainer(MaxDepth - depth) : SkipScalar(out escaped);
        value = whole ? new JsonToken(kind, _text[start.._position], escaped) : default;
        return whole;
    }

    private bool SkipContainer(int levels)
    {
        var objects = 0UL; // one bit per level, the innermost lowest; set if the level is an object
        var depth = 0;
        while (true)
        {
            var opening = Current;
            if (opening is (byte)'{' or (byte)'[')
            {
                if (depth == levels)
                    return Fail(JsonFault.TooDeep);
                depth++;
                objects = (objects << 1) | (opening == '{' ? 1UL : 0);
                _position++;
                SkipWhitespace();
                if (Current != opening + 2) // in ASCII, a closing bracket is the opening one plus 2
                {
                    if (opening == '{' && !TryName(out _))
                        return false;
                    continue;
                }
            }
            else if (!SkipScalar(out _))
            {
                return false;
            }

            // After a value, or in an empty container: close every container that ends here, then move to the next value.
            while (true)
            {
                if (depth == 0)
                    return true;
                SkipWhitespace();
                var inObject = (objects & 1) != 0;
                var next = Current;
                _position++;
                if (next == ',')
                {
                    SkipWhitespace();
                    if (inObject && !TryName(out _))
                        return false;
                    break;
                }

                if (next != (inObject ? '}' : ']'))
                    return Fail();
                depth--;
                objects >>= 1;
            }
        }
    }

    private bool TryName(out JsonToken name)
    {
        name = default;
        var start = _position;
        if (Current != '"' || !SkipString(out var escaped))
            return Fail();
        name = new JsonToken(JsonKind.String, _text[start.._position], escaped);
        SkipWhitespace();
        if (Current != ':')
            return Fail();
        _position++;
        SkipWhitespace();
        return true;
    }

    private bool SkipScalar(out bool escaped)
    {
        escaped = false;
        return Current switch
        {
            (byte)'"' => SkipString(out escaped),
            (byte)'t' => SkipLiteral("true"u8),
            (byte)'f' => SkipLiteral("false"u8),
            (byte)'n' => SkipLiteral("null"u8),
            _ => SkipNumber(),
        };
    }

    private bool SkipLiteral(ReadOnlySpan<byte> literal)
    {
        if (!_text[_position..].StartsWith(literal))
            return Fail();
        _position += literal.Length;
        return true;
    }

    private bool SkipNumber()
    {
        if (Current == '-')
            _position++;
        if (Current == '0')
            _position++;
        else if (!SkipDigits())
            return false;
        if (Current == '.')
        {
            _position++;
            if (!SkipDigits())
                return false;
        }

        if (Current is (byte)'e' or (byte)'E')
        {
            _position++;
            if (Current is (byte)'+' or (byte)'-')
                _position++;
            return SkipDigits();
        }

        return true;
    }

    private bool SkipDigits()
    {
        var start = _position;
        while (char.IsAsciiDigit((char)Current))
            _position++;
        return _position > start || Fail();
    }

    private bool SkipString(out bool escaped)
    {
        escaped = false;
        var at = _position + 1;
        while (true)
        {
            at = FindStringStop(at);
            if ((uint)at >= (uint)_text.Length)
                return Fail();
            if (_text[at] == '"')
            {
                _position = at + 1;
                return true;
            }

            var length = JsonText.EscapeLength(_text[at..]);
            if (length == 0)
                return Fail();
            escaped = true;
            at += length;
        }
    }

    /// <summary>The index of the next quote, backslash or control character, or the length of the text if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int FindStringStop(int at)
    {
        // Most strings are short, so one inline check of sixteen bytes is faster than the call below.
        if (at + Vector128<byte>.Count <= _text.Length)
        {
            var bytes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(_text), (nuint)at);
            var stops = Vector128.Equals(bytes, Vector128.Create((byte)'"'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(bytes, Vector128.Create((byte)0x20));
            var mask = stops.ExtractMostSignificantBits();
            if (mask != 0)
                return at + BitOperations.TrailingZeroCount(mask);
            at += Vector128<byte>.Count;
        }

        var stop = _text[at..].IndexOfAny(StringStops);
        return stop < 0 ? _text.Length : at + stop;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipWhitespace()
    {
        while (Current is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            _position++;
    }

    private bool Fail(JsonFault fault = JsonFault.Syntax)
    {
        if (Fault == JsonFault.None)
            Fault = fault;
        return false;
    }
}

/// <summary>Why <see cref="JsonScanner"/> stopped reading.</summary>
internal enum JsonFault
{
    None,
    Syntax,
    TooDeep,
}
