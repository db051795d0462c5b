using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Silo.Endpoints;

/// <summary>
/// Finds free ports for servers in <c>server.port_range_*</c>. Servers of other silos on this machine use the same range. Thread-safe.
/// </summary>
internal sealed class EndpointPorts(ServerSettings settings, TimeProvider time)
{
    /// <summary>
    /// How long a port that was not free is not tried again. A fleet may have more servers than there are ports, and none of them may try
    /// all ports when it starts.
    /// </summary>
    private static readonly TimeSpan NotAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly long[] _triedAt = [.. Enumerable.Repeat(long.MinValue, settings.PortRangeEnd - settings.PortRangeStart)];

    /// <summary>
    /// Opens the first free port, beginning with the one of the server's number: server 3 tries the third port after the first one.
    /// </summary>
    /// <param name="id">The server's id.</param>
    /// <param name="open">Binds a port; throws a <see cref="SocketException"/> if that fails.</param>
    /// <returns>The opened endpoint, or null if no port is free.</returns>
    public T? Open<T>(string id, Func<IPEndPoint, T> open)
        where T : class
    {
        var count = _triedAt.Length;
        var number = int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? Math.Max(0, parsed - settings.StartId) : 0;
        var address = IPAddress.Parse(settings.Address);
        lock (_lock)
        {
            var now = time.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                var index = (int)(((long)number + i) % count);
                if (_triedAt[index] != long.MinValue && time.GetElapsedTime(_triedAt[index], now) < NotAgain)
                    continue;

                try
                {
                    return open(new IPEndPoint(address, settings.PortRangeStart + index));
                }
                catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
                {
                    _triedAt[index] = now;
                }
            }
        }

        return null;
    }
}
