using System.Net;
using System.Net.Sockets;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Ports;

/// <summary>Tests whether a TCP port is free.</summary>
internal static class PortTest
{
    /// <summary>Whether this process can listen on a port.</summary>
    /// <exception cref="StartFailedException">This machine does not have the address.</exception>
    public static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));

            // On Linux two sockets may bind the same port, but only one may listen.
            socket.Listen();
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new StartFailedException($"This machine has no address {address}: set cluster.address to one it has, such as 127.0.0.1.", failure);
        }
        catch (SocketException)
        {
            // The port is in use, or this user may not bind it.
            return false;
        }
    }
}
