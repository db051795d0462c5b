using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Shortline.Protocol.Json;

/// <summary>Appends UTF-8 to a span and remembers whether a piece did not fit.</summary>
internal ref struct Utf8Cursor(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _written;
    private bool _overflowed;

    /// <summary>The number of bytes written, or -1 if a piece did not fit.</summary>
    public readonly int Result => _overflowed ? -1 : _written;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.TryCopyTo(_destination[_written..]))
            _written += bytes.Length;
        else
            _overflowed = true;
    }

    public void Append(byte value)
    {
        if (_written < _destination.Length)
            _destination[_written++] = value;
        else
            _overflowed = true;
    }

    public void Append(long value)
    {
        if (Utf8Formatter.TryFormat(value, _destination[_written..], out var length))
            _written += length;
        else
            _overflowed = true;
    }
}
