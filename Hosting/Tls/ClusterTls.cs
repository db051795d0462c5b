using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Tls;

/// <summary>
/// Encrypts the connections between silos and from gateways to silos, if <c>cluster.certificate</c> is set. Both sides present a
/// certificate and check the other's. Connections are kept, so no request waits for a handshake.
/// </summary>
internal static class ClusterTls
{
    /// <summary>
    /// Orleans waits two seconds for a connection to open, without the handshake. Many processes that start at once on a few cores
    /// need more for it.
    /// </summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Sets up a silo: connections from silos, from gateways, and to silos. <c>UseTls</c> of Orleans covers the same three.
    /// </summary>
    /// <exception cref="StartFailedException">The certificate cannot be used; the message says why.</exception>
    public static void Use(ISiloBuilder silo, ClusterSettings cluster)
    {
        if (cluster.Certificate.Length == 0)
            return;
        var certificate = ClusterCertificate.Load(cluster, TimeProvider.System);
        silo.Configure<SiloConnectionOptions>(own =>
        {
            own.ConfigureSiloInboundConnection(connections => Accept(connections, certificate));
            own.ConfigureGatewayInboundConnection(connections => Accept(connections, certificate));
            own.ConfigureSiloOutboundConnection(connections => Connect(connections, certificate));
        });
    }

    /// <summary>
    /// Sets up a client of the cluster. A silo's own settings do not cover it: it is another process with options of its own.
    /// </summary>
    /// <exception cref="StartFailedException">The certificate cannot be used; the message says why.</exception>
    public static void Use(IClientBuilder client, ClusterSettings cluster)
    {
        if (cluster.Certificate.Length == 0)
            return;
        var certificate = ClusterCertificate.Load(cluster, TimeProvider.System);
        client.Configure<ClientConnectionOptions>(own => own.ConfigureConnection(connections => Connect(connections, certificate)));
    }

    private static void Accept(IConnectionBuilder connections, ClusterCertificate certificate)
    {
        var handshakes = Handshakes(connections, accepts: true);
        handshakes.Build(connections, inner => inner.UseServerTls(OptionsOf(certificate, handshakes)));
    }

    private static void Connect(IConnectionBuilder connections, ClusterCertificate certificate)
    {
        var handshakes = Handshakes(connections, accepts: false);
        handshakes.Build(connections, inner => inner.UseClientTls(OptionsOf(certificate, handshakes)));
    }

    private static TlsHandshakes Handshakes(IConnectionBuilder connections, bool accepts) => new(
        accepts, connections.ApplicationServices.GetRequiredService<ILoggerFactory>(), TimeProvider.System);

    private static TlsOptions OptionsOf(ClusterCertificate certificate, TlsHandshakes handshakes) => new()
    {
        LocalCertificate = certificate.Own,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        HandshakeTimeout = HandshakeTimeout,

        // The errors that the runtime found are ignored, because it looks for the authority among those of the machine.
        RemoteCertificateValidation = (peer, chain, _) =>
        {
            var fault = certificate.Trust.WhyNot(peer, chain?.ChainPolicy.ExtraStore ?? []);
            if (fault is not null)
                handshakes.Refuse($"the certificate {peer.Subject} is not accepted: {fault}");
            return fault is null;
        },
    };
}
