using System.Net;
using Shortline.Client.Tcp;
using Shortline.Client.Udp;

namespace Shortline.Client;

/// <summary>Creates the transport of a client.</summary>
internal static class ClientTransports
{
    /// <summary>The servers that a direct client is connected to: one, and a second one for when the first does not answer.</summary>
    private const int DirectSlots = 2;

    /// <summary>
    /// The timeout of <c>locate</c>. A gateway answers it at once, so this is the time for finding another gateway. Requests wait
    /// meanwhile, and are then sent elsewhere.
    /// </summary>
    private const int LocateMs = 1500;

    /// <summary>Opens a transport.</summary>
    /// <param name="options">The gateways and how to reach them.</param>
    /// <param name="own">The index of the client's own gateway; the others follow in order.</param>
    /// <param name="ports">Local ports, for UDP.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">The source of randomness, used during this call only.</param>
    /// <exception cref="ArgumentException">TLS is wanted for datagrams.</exception>
    /// <exception cref="NoFreePortException">No local port of the range is free.</exception>
    public static IClientTransport Open(ShortlineClientOptions options, int own, LocalPorts ports, TimeProvider time, Random random)
    {
        if (options is { Tls: not null, Transport: ClientTransport.Udp })
            throw new ArgumentException("Datagrams cannot be encrypted: TLS needs the transport Tcp or Direct.", nameof(options));
        List<IPEndPoint> gateways = [.. options.Gateways.Skip(own), .. options.Gateways.Take(own)];
        return options.Transport switch
        {
            ClientTransport.Udp => new UdpTransport(ports, gateways),
            ClientTransport.Tcp => Tcp(options, gateways, time, random),
            _ => Direct(options with { Gateways = gateways }, time, random),
        };
    }

    private static TcpTransport Tcp(ShortlineClientOptions options, List<IPEndPoint> gateways, TimeProvider time, Random random)
    {
        var dialing = new Dialing(options.Tls, time);
        return new TcpTransport([.. gateways.Select(gateway => new GatewayDialer(gateway, dialing))], () => dialing.Fault, time, random);
    }

    private static TcpTransport Direct(ShortlineClientOptions options, TimeProvider time, Random random)
    {
        var locating = options with { Transport = ClientTransport.Tcp, InFlightLimit = ServerLocator.AsksAtOnce, TimeoutMs = Math.Min(LocateMs, options.TimeoutMs) };
        var gateways = new ShortlineClient(locating, time);
        var locator = ServerLocator.Of(gateways, time, owned: true);
        var dialing = new Dialing(options.Tls, time);
        return new TcpTransport(
            [.. Enumerable.Range(0, DirectSlots).Select(slot => new ServerDialer(slot, locator, dialing))],
            () => dialing.Fault ?? gateways.ConnectionFault, time, random, locator);
    }
}
