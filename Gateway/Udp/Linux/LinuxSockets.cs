using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Shortline.Gateway;

/// <summary>The system calls that <see cref="Socket"/> does not offer.</summary>
internal static unsafe partial class LinuxSockets
{
    /// <summary>Block for the first message only, then take what is there.</summary>
    internal const int WaitForOne = 0x10000;

    /// <summary>The message was longer than its memory (<c>MSG_TRUNC</c>).</summary>
    internal const int Truncated = 0x20;

    /// <summary><c>SHUT_RD</c>.</summary>
    internal const int ShutdownReceive = 0;

    internal const int Interrupted = 4; // EINTR
    internal const int WouldBlock = 11; // EAGAIN
    internal const int NoMemory = 12; // ENOMEM

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    internal static partial int Receive(int socket, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    internal static partial int Send(int socket, MessageHeader* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    internal static partial int Shutdown(int socket, int how);

    /// <summary>
    /// Whether a receive that failed is worth repeating. From 90 (EMSGSIZE) to 113 (EHOSTUNREACH) are the faults of the network and of
    /// earlier datagrams, ECONNREFUSED (111) and ENOBUFS (105) among them. The others say that the socket itself is wrong.
    /// </summary>
    internal static bool IsTransient(int error) => error is Interrupted or WouldBlock or NoMemory or (>= 90 and <= 113);

    internal static SocketException Failure(string call, int error) =>
        new((int)SocketError.SocketError, $"{call} failed: {Marshal.GetPInvokeErrorMessage(error)} ({error})");
}
