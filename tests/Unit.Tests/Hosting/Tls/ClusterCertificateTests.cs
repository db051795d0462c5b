using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Hosting.Tls;
using Shortline.TestCertificates;

namespace Shortline.Unit.Tests.Hosting.Tls;

/// <summary>Loads <c>cluster.certificate</c> and checks certificates of other processes.</summary>
public sealed class ClusterCertificateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-tls-");
    private readonly TestAuthority _authority = new("Cluster");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void One_PEM_file_may_contain_certificate_key_and_authority()
    {
        var loaded = Load(new() { Certificate = _authority.WritePem(PathOf("a.pem"), "a") });

        Assert.Equal("CN=a", loaded.Own.Subject);
        Assert.True(loaded.Own.HasPrivateKey);
        using var other = _authority.Issue("b");
        Assert.Null(loaded.Trust.WhyNot(other, []));
    }

    [Fact]
    public void Key_and_authority_may_be_in_separate_files_and_the_key_may_have_a_password()
    {
        using var certificate = _authority.Issue("a");
        using var key = certificate.GetECDsaPrivateKey()!;
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        var settings = new ClusterSettings
        {
            Certificate = Write("a.pem", certificate.ExportCertificatePem()),
            CertificateKey = Write("a.key", key.ExportEncryptedPkcs8PrivateKeyPem("hush", parameters)),
            CertificatePassword = "hush",
            CertificateAuthority = Write("ca.pem", _authority.Certificate.ExportCertificatePem()),
        };

        Assert.True(Load(settings).Own.HasPrivateKey);
        var failure = Assert.Throws<StartFailedException>(() => Load(settings with { CertificatePassword = "wrong-secret" }));
        Assert.Contains("cluster.certificate_password does not fit", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_PFX_file_is_opened_with_its_password()
    {
        using var certificate = _authority.Issue("a");
        var settings = new ClusterSettings
        {
            Certificate = PathOf("a.pfx"),
            CertificatePassword = "hush",
            CertificateAuthority = Write("ca.pem", _authority.Certificate.ExportCertificatePem()),
        };
        File.WriteAllBytes(settings.Certificate, certificate.Export(X509ContentType.Pkcs12, "hush"));

        Assert.Equal("CN=a", Load(settings).Own.Subject);
        Assert.Contains("that cluster.certificate_password opens", Fault(settings with { CertificatePassword = "wrong" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_self_signed_certificate_trusts_only_itself()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shared", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var loaded = Load(new() { Certificate = Write("a.pem", $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n") });

        Assert.Null(loaded.Trust.WhyNot(certificate, []));
        using var other = _authority.Issue("b");
        Assert.NotNull(loaded.Trust.WhyNot(other, []));
    }

    [Theory]
    [InlineData(new[] { TestAuthority.ServerUse, TestAuthority.ClientUse }, true)]
    [InlineData(new string[0], true)] // Without the extension every use is allowed.
    [InlineData(new[] { TestAuthority.ServerUse }, false)]
    [InlineData(new[] { TestAuthority.ClientUse }, false)]
    public void A_certificate_must_allow_server_and_client_use(string[] uses, bool allowed)
    {
        var settings = new ClusterSettings { Certificate = _authority.WritePem(PathOf("a.pem"), "a", uses: uses) };

        if (allowed)
            Assert.NotNull(Load(settings));
        else
            Assert.Contains("its extended key usage must include both serverAuth and clientAuth", Fault(settings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-9, -1, "it expired on ")]
    [InlineData(1, 9, "it is valid only from ")]
    public void A_certificate_that_is_not_valid_now_is_refused(int from, int to, string reason)
    {
        var trust = Load(new() { Certificate = _authority.WritePem(PathOf("a.pem"), "a") }).Trust;
        using var other = _authority.Issue("b", from, to);

        Assert.StartsWith(reason, trust.WhyNot(other, []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Stranger")]
    [InlineData("Cluster")] // The same name does not make it the same authority.
    public void A_certificate_of_another_authority_is_refused(string name)
    {
        var trust = Load(new() { Certificate = _authority.WritePem(PathOf("a.pem"), "a") }).Trust;
        using var stranger = new TestAuthority(name);
        using var other = stranger.Issue("b");

        Assert.Contains("authority of this cluster", trust.WhyNot(other, [stranger.Certificate]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_names_a_missing_or_damaged_part()
    {
        using var certificate = _authority.Issue("a");
        using var strange = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var alone = Write("alone.pem", certificate.ExportCertificatePem());

        Assert.Equal($"cluster.certificate: there is no file {PathOf("missing")}.", Fault(new() { Certificate = PathOf("missing") }));
        Assert.Contains("neither a PEM file nor a PFX file", Fault(new() { Certificate = Write("a.pfx", "nonsense") }), StringComparison.Ordinal);
        Assert.Contains("contains no certificate", Fault(new() { Certificate = Write("key.pem", strange.ExportPkcs8PrivateKeyPem()) }), StringComparison.Ordinal);
        Assert.Contains("contains no private key", Fault(new() { Certificate = alone }), StringComparison.Ordinal);
        Assert.Contains(
            "does not belong to the certificate",
            Fault(new() { Certificate = alone, CertificateKey = Write("other.key", strange.ExportPkcs8PrivateKeyPem()) }),
            StringComparison.Ordinal);
        using var key = certificate.GetECDsaPrivateKey()!;
        Assert.Contains(
            "cluster.certificate_authority",
            Fault(new() { Certificate = alone, CertificateKey = Write("a.key", key.ExportPkcs8PrivateKeyPem()) }),
            StringComparison.Ordinal);
    }

    private static ClusterCertificate Load(ClusterSettings settings) => ClusterCertificate.Load(settings, TimeProvider.System);

    private static string Fault(ClusterSettings settings) => Assert.Throws<StartFailedException>(() => Load(settings)).Message;

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private string Write(string file, string text)
    {
        File.WriteAllText(PathOf(file), text);
        return PathOf(file);
    }
}
