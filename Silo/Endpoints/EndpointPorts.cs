using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Silo.Endpoints;

/// <summary>
/// Finds free ports for servers in <c>server.port_range_*</c>. Servers of other silos on this machine use the same range.
/// </summary>
internal sealed class EndpointPorts(ServerSettings settings)
{
    /// <summary>
    /// Opens the first free port, beginning with the one of the server's number: server 3 tries the third port after the first one.
    /// </summary>
    /// <param name="id">The server's id.</param>
    /// <param name="open">Binds a port; throws a <see cref="SocketException"/> if that fails.</param>
    /// <returns>The opened endpoint, or null if no port is free.</returns>
    public T? Open<T>(string id, Func<IPEndPoint, T> open)
        where T : class
    {
        var count = settings.PortRangeEnd - settings.PortRangeStart;
        var number = int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? Math.Max(0, parsed - settings.StartId) : 0;
        var address = IPAddress.Parse(settings.Address);
        for (var i = 0; i < count; i++)
        {
            try
            {
                return open(new IPEndPoint(address, settings.PortRangeStart + (int)(((long)number + i) % count)));
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // The port is taken or not allowed, so the next one is tried.
            }
        }

        return null;
    }
}
