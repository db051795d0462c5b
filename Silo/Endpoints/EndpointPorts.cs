using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shortline.Hosting;

namespace Shortline.Silo;

/// <summary>Finds ports for servers in <c>server.port_range_*</c>, which they share with the servers of other silos of this machine.</summary>
internal sealed class EndpointPorts(ServerSettings settings)
{
    /// <summary>Opens the first port that is free, beginning with the one of the server's number: server 3 has the port three behind the first.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="open">Binds a port; throws a <see cref="SocketException"/> if it cannot.</param>
    /// <returns>What was opened, or null if no port can be.</returns>
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
                // Somebody has it, or it is for others: the next one.
            }
        }

        return null;
    }
}
