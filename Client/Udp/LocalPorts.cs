using System.Net;

namespace Shortline.Client.Udp;

/// <summary>Assigns the ports of <c>client.port_range_*</c>: each socket gets the next free one.</summary>
/// <param name="start">The first port; 0 lets the system choose.</param>
/// <param name="end">The port after the last.</param>
internal sealed class LocalPorts(int start, int end)
{
    private int _taken;

    /// <summary>Opens a socket on the next free port.</summary>
    /// <exception cref="NoFreePortException">Every port of the range is taken.</exception>
    public DatagramSocket Open(IPEndPoint gateway)
    {
        if (start == 0)
            return DatagramSocket.TryOpen(gateway, 0) ?? throw new NoFreePortException("The system has no free UDP port.");
        while (_taken < end - start)
        {
            if (DatagramSocket.TryOpen(gateway, start + _taken++) is { } socket)
                return socket;
        }

        throw new NoFreePortException(
            $"No UDP port is free from {start} to {end - 1}: client.port_range_start and client.port_range_end set the range, each client takes one port.");
    }
}
