using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Shortline.Protocol;

/// <summary>Writes UTF-8 into a span one piece behind the other, and remembers if one did not fit.</summary>
internal ref struct Utf8Cursor(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _written;
    private bool _overflowed;

    /// <summary>Bytes written, or -1 if not everything fitted.</summary>
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
