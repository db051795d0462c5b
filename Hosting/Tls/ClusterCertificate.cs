using System.Security.Cryptography.X509Certificates;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Tls;

/// <summary>
/// The certificate that this process presents to the other processes of its cluster, and the check of their certificates.
/// </summary>
internal sealed class ClusterCertificate
{
    private const string Key = "cluster.certificate";

    private ClusterCertificate(X509Certificate2 own, PeerTrust trust) => (Own, Trust) = (own, trust);

    /// <summary>The certificate, with its private key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>Checks the certificates of other processes.</summary>
    public PeerTrust Trust { get; }

    /// <summary>Reads the files of the settings and checks that other processes will accept the certificate.</summary>
    /// <exception cref="StartFailedException">A file cannot be read or used; the message says which and why.</exception>
    public static ClusterCertificate Load(ClusterSettings cluster, TimeProvider time)
    {
        var file = new CertificateFile(Key, cluster.Certificate);
        var (own, others) = file.ReadWithKey(cluster.CertificateKey, cluster.CertificatePassword);
        var trust = new PeerTrust(Authorities(cluster, own, others), others, time);
        if (trust.WhyNot(own, []) is { } fault)
            throw new StartFailedException($"{Key}: the certificate {own.Subject} in {cluster.Certificate} cannot be used: {fault}.");
        return new ClusterCertificate(own, trust);
    }

    /// <summary>
    /// The certificates that must have signed those of other processes: the ones of the setting; without it the self-signed ones of the
    /// certificate's own file.
    /// </summary>
    private static X509Certificate2Collection Authorities(ClusterSettings cluster, X509Certificate2 own, X509Certificate2Collection others)
    {
        if (cluster.CertificateAuthority.Length > 0)
            return new CertificateFile("cluster.certificate_authority", cluster.CertificateAuthority).ReadAll();
        X509Certificate2Collection found = [.. others.Append(own).Where(IsSelfSigned)];
        return found.Count > 0
            ? found
            : throw new StartFailedException(
                $"{Key}: {cluster.Certificate} does not contain the certificate of the authority that signed it ({own.Issuer}). "
                + "Name the file with that certificate: cluster.certificate_authority.");
    }

    private static bool IsSelfSigned(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
