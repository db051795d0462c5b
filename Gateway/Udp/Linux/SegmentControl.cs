using System.Runtime.InteropServices;

namespace Shortline.Gateway.Udp.Linux;

/// <summary>
/// The kernel's control message <c>UDP_SEGMENT</c>: splits a message into datagrams of this many bytes; the last one may be shorter
/// (https://docs.kernel.org/networking/segmentation-offloads.html). 24 bytes with padding.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal readonly struct SegmentControl(int segmentBytes)
{
    /// <summary><c>SOL_UDP</c>.</summary>
    internal const int Level = 17;

    /// <summary><c>UDP_SEGMENT</c>.</summary>
    internal const int Type = 103;

    private readonly nuint _length = 18; // header and value, without the padding
    private readonly int _level = Level;
    private readonly int _type = Type;
    private readonly ushort _segmentBytes = (ushort)segmentBytes;
}
