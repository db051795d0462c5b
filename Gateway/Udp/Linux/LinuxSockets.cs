using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Shortline.Gateway.Udp.Linux;

/// <summary>The system calls that <see cref="Socket"/> does not offer.</summary>
internal static unsafe partial class LinuxSockets
{
    /// <summary>Waits for the first message only, then returns all that have arrived (<c>MSG_WAITFORONE</c>).</summary>
    internal const int WaitForOne = 0x10000;

    /// <summary>The message was longer than its buffer (<c>MSG_TRUNC</c>).</summary>
    internal const int Truncated = 0x20;

    /// <summary><c>SHUT_RD</c>.</summary>
    internal const int ShutdownReceive = 0;

    internal const int Interrupted = 4; // EINTR
    internal const int WouldBlock = 11; // EAGAIN
    internal const int NoMemory = 12; // ENOMEM
    internal const int NoDevice = 19; // ENODEV
    internal const int InvalidArgument = 22; // EINVAL
    internal const int AddressNotAvailable = 99; // EADDRNOTAVAIL
    internal const int NetworkUnreachable = 101; // ENETUNREACH

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    internal static partial int Receive(int socket, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    internal static partial int Send(int socket, MessageHeader* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    internal static partial int Shutdown(int socket, int how);

    /// <summary>
    /// Whether to repeat a receive after an error. The errors from 90 (EMSGSIZE) to 113 (EHOSTUNREACH) concern the network or earlier
    /// datagrams, such as ECONNREFUSED (111) and ENOBUFS (105). Other errors mean that the socket is unusable.
    /// </summary>
    internal static bool IsTransient(int error) => error is Interrupted or WouldBlock or NoMemory or (>= 90 and <= 113);

    /// <summary>
    /// Whether a send may have failed because this machine does not have the local address that the message names: ENETUNREACH for IPv4
    /// (EINVAL for old kernels), EINVAL for IPv6, and ENODEV if the interface of a link-local address is gone.
    /// </summary>
    internal static bool MayBeLostAddress(int error) => error is NoDevice or InvalidArgument or AddressNotAvailable or NetworkUnreachable;

    internal static SocketException Failure(string call, int error) =>
        new((int)SocketError.SocketError, $"{call} failed: {Marshal.GetPInvokeErrorMessage(error)} ({error})");
}
