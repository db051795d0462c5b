using System.Buffers.Binary;
using System.Net.Sockets;

namespace Shortline.Gateway.Tcp;

/// <summary>Asks the system how much of what was sent the other side has taken.</summary>
internal static class TakenBytes
{
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;

    /// <summary>The offset of <c>tcpi_bytes_acked</c> in <c>struct tcp_info</c> of Linux.</summary>
    private const int BytesAcked = 120;

    /// <summary>Returns the bytes that the other side has acknowledged; null if the system does not tell, or the socket is closed.</summary>
    public static long? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> info = stackalloc byte[BytesAcked + sizeof(long)];
        try
        {
            if (socket.GetRawSocketOption(TcpLevel, TcpInfo, info) < info.Length)
                return null;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return null;
        }

        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReadInt64LittleEndian(info[BytesAcked..]) : BinaryPrimitives.ReadInt64BigEndian(info[BytesAcked..]);
    }
}
