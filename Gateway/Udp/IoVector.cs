using System.Runtime.InteropServices;

namespace Shortline.Gateway.Udp;

/// <summary>The kernel's <c>struct iovec</c>: a range of memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct IoVector(byte* start, int length)
{
    private readonly byte* _start = start;
    private readonly nuint _length = (nuint)length;

    internal int Length => (int)_length;

    internal ReadOnlySpan<byte> Bytes => new(_start, (int)_length);
}
