using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shortline.Hosting.Tls;

/// <summary>
/// Decides whether a certificate belongs to a process of the cluster: an authority of the cluster signed it, it is valid now, and it
/// may be used by servers and by clients.
/// </summary>
/// <remarks>
/// The name in a certificate is not checked. Processes find each other by addresses in the membership table, which change with every
/// machine, so the signature of the cluster's own authority is the proof of membership. That is also why the machine's public
/// authorities are not trusted: they sign certificates for everyone.
/// </remarks>
internal sealed class PeerTrust(X509Certificate2Collection authorities, X509Certificate2Collection intermediates, TimeProvider time)
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Why a certificate is not accepted, as the end of a sentence; null if it is.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="sent">Certificates that its owner sent with it.</param>
    public string? WhyNot(X509Certificate2 certificate, X509Certificate2Collection sent)
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // Authorities of private networks seldom publish a list.
                DisableCertificateDownloads = true,
                VerificationTime = time.GetLocalNow().DateTime,
                VerificationTimeIgnored = false,
                ApplicationPolicy = { new Oid(ServerUse), new Oid(ClientUse) },
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        try
        {
            return chain.Build(certificate) ? null : Reason(certificate, chain);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
                element.Certificate.Dispose();
        }
    }

    private string Reason(X509Certificate2 certificate, X509Chain chain)
    {
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, each) => flags | each.Status);
        if (status.HasFlag(X509ChainStatusFlags.UntrustedRoot) || status.HasFlag(X509ChainStatusFlags.PartialChain))
            return $"its issuer ({certificate.Issuer}) is not the authority of this cluster ({string.Join("; ", authorities.Select(each => each.Subject))})";
        if (status.HasFlag(X509ChainStatusFlags.NotSignatureValid))
            return $"it was not signed by the authority of this cluster, which has the same name ({certificate.Issuer})";
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return time.GetUtcNow() is var now && now > certificate.NotAfter
                ? $"it expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC"
                : now < certificate.NotBefore
                    ? $"it is valid only from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC on"
                    : "the certificate of its authority is not valid now";
        }

        return status.HasFlag(X509ChainStatusFlags.NotValidForUsage)
            ? "its extended key usage must include both serverAuth and clientAuth"
            : string.Join(" ", chain.ChainStatus.Select(each => each.StatusInformation.Trim().TrimEnd('.')));
    }
}
