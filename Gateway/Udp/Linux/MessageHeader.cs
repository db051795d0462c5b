using System.Runtime.InteropServices;

namespace Shortline.Gateway;

/// <summary>The kernel's <c>struct mmsghdr</c> with the <c>struct msghdr</c> in it: 64 and 56 bytes on 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    /// <summary>A socket address: written by the kernel on receive, read on send.</summary>
    internal PeerAddress* Name;

    /// <summary>Bytes of <see cref="Name"/>; the kernel overwrites it on receive.</summary>
    internal int NameLength;

    internal IoVector* Vectors;
    internal nuint VectorCount;
    internal void* Control;
    internal nuint ControlLength;

    /// <summary>Written by the kernel on receive.</summary>
    internal int Flags;

    private readonly int _padding;

    /// <summary>Bytes received or sent, written by the kernel.</summary>
    internal uint Length;
}
