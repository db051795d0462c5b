using System.Net;

namespace Shortline.Client;

/// <summary>Makes the transports of clients.</summary>
internal static class ClientSockets
{
    /// <summary>Servers that a client talks to directly: one, and one that stands in for it.</summary>
    private const int DirectSeats = 2;

    /// <summary>A gateway answers at once where a server is; this is for finding another gateway. Requests wait meanwhile, and are then sent elsewhere.</summary>
    private const int LocateMs = 1500;

    /// <summary>Makes one.</summary>
    /// <param name="options">Where to, and how.</param>
    /// <param name="own">The gateway to start with; the others follow in their order.</param>
    /// <param name="ports">Local ports, for UDP.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">The source of randomness, during this call.</param>
    /// <exception cref="Hosting.StartFailedException">No local port of the range is free.</exception>
    public static IClientTransport Open(ShortlineClientOptions options, int own, LocalPorts ports, TimeProvider time, Random random)
    {
        List<IPEndPoint> gateways = [.. options.Gateways.Skip(own), .. options.Gateways.Take(own)];
        return options.Transport switch
        {
            ClientTransport.Udp => new GatewaySockets(ports, gateways),
            ClientTransport.Tcp => new TcpTransport([.. gateways.Select(gateway => new GatewayDialer(gateway, time))], time, random),
            _ => Direct(options with { Gateways = gateways }, time, random),
        };
    }

    private static TcpTransport Direct(ShortlineClientOptions options, TimeProvider time, Random random)
    {
        var asking = options with { Transport = ClientTransport.Tcp, InFlightLimit = ServerLocator.AsksAtOnce, TimeoutMs = Math.Min(LocateMs, options.TimeoutMs) };
        var gateways = new ShortlineClient(asking, time);
        var locator = ServerLocator.Of(gateways, time, owned: true);
        return new TcpTransport([.. Enumerable.Range(0, DirectSeats).Select(seat => new ServerDialer(seat, locator, time))], time, random, locator);
    }
}
