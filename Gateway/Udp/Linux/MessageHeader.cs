using System.Runtime.InteropServices;

namespace Shortline.Gateway.Udp.Linux;

/// <summary>The kernel's <c>struct mmsghdr</c>, which contains a <c>struct msghdr</c>: 64 and 56 bytes on 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    /// <summary>The socket address. The kernel writes it on receive and reads it on send.</summary>
    internal PeerAddress* Name;

    /// <summary>The length of <see cref="Name"/> in bytes. The kernel overwrites it on receive.</summary>
    internal int NameLength;

    internal IoVector* Vectors;
    internal nuint VectorCount;
    internal void* Control;
    internal nuint ControlLength;

    /// <summary>The flags of a received message, written by the kernel.</summary>
    internal int Flags;

    private readonly int _padding;

    /// <summary>The number of bytes received or sent, written by the kernel.</summary>
    internal uint Length;
}
