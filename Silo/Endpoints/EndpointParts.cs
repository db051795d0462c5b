using Microsoft.Extensions.Logging;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp.Text;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Files;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Tls;

namespace Shortline.Silo.Endpoints;

/// <summary>Services that the endpoints of a silo's servers share.</summary>
internal sealed record EndpointParts
{
    public required ShortlineSettings Settings { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>The name of the silo.</summary>
    public required string Silo { get; init; }

    /// <summary>Returns the grain of a server, by the server's id and the address of its silo.</summary>
    public required Func<string, string, IServerGrain> GrainOf { get; init; }

    /// <summary>The servers of the silo.</summary>
    public required ILocalServers LocalServers { get; init; }

    /// <summary>The address of the silo.</summary>
    public required string SiloAddress { get; init; }

    /// <summary>Returns the observer that servers push responses to.</summary>
    public required Func<IGatewayObserver> Self { get; init; }

    public required FileRoot Files { get; init; }

    public required ChecksumCache Checksums { get; init; }

    /// <summary>The memory that clients may take from this process.</summary>
    public required MemoryBudget Memory { get; init; }

    /// <summary>Tells listeners what clients of the text protocol ask for.</summary>
    public required TextExchanges Exchanges { get; init; }

    /// <summary>The certificate for clients, which must then use TLS; null without.</summary>
    public ServerCertificate? Certificate { get; init; }
}
