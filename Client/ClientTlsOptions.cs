using System.Security.Cryptography.X509Certificates;

namespace Shortline.Client;

/// <summary>
/// How a client encrypts its TCP connections and checks the certificates of gateways and servers. They present one if
/// <c>load_balancer.certificate</c> is set.
/// </summary>
public sealed record ClientTlsOptions
{
    /// <summary>The name that the certificates must be for; null for the address that the client connects to.</summary>
    public string? ServerName { get; init; }

    /// <summary>
    /// The authorities, one of which must have signed the certificates, or the self-signed certificate itself; empty for the authorities
    /// that this machine trusts.
    /// </summary>
    public X509Certificate2Collection Authorities { get; init; } = [];
}
