using System.Net;
using System.Net.Sockets;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Ports;

/// <summary>Whether nobody listens on a TCP port.</summary>
internal static class PortTest
{
    /// <exception cref="StartFailedException">It can never be found out: the address is not one of this machine.</exception>
    public static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));

            // On Linux two may bind, but only one listen.
            socket.Listen();
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new StartFailedException($"This machine has no address {address}: set cluster.address to one it has, such as 127.0.0.1.", failure);
        }
        catch (SocketException)
        {
            // In use, or not for this account: not ours either way.
            return false;
        }
    }
}
