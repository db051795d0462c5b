using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Hosting.Tls;
using Shortline.TestCertificates;

namespace Shortline.Unit.Tests.Hosting.Tls;

/// <summary>Reads <c>load_balancer.certificate</c>, and reads it again when it was renewed.</summary>
public sealed class ServerCertificateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-tls-");
    private readonly TestAuthority _authority = new("Gateways");
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_renewed_certificate_is_used_within_ten_seconds()
    {
        var certificate = Load(_authority.WritePem(PathOf("a.pem"), "first"));
        Assert.Equal("CN=first", SubjectOf(certificate));

        _authority.WritePem(PathOf("a.pem"), "second");
        Assert.Equal("CN=first", SubjectOf(certificate));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("CN=second", SubjectOf(certificate));
    }

    [Fact]
    public void A_certificate_that_is_replaced_through_a_link_in_its_path_is_noticed()
    {
        // As Kubernetes replaces a mounted secret: tls.pem → data/tls.pem, and data → another folder.
        foreach (var version in (string[])["1", "2"])
        {
            Directory.CreateDirectory(PathOf(version));
            _authority.WritePem(Path.Combine(PathOf(version), "tls.pem"), $"version-{version}");
        }

        Directory.CreateSymbolicLink(PathOf("data"), PathOf("1"));
        File.CreateSymbolicLink(PathOf("tls.pem"), Path.Combine(PathOf("data"), "tls.pem"));
        var certificate = Load(PathOf("tls.pem"));
        Directory.Delete(PathOf("data"));
        Directory.CreateSymbolicLink(PathOf("data"), PathOf("2"));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("CN=version-2", SubjectOf(certificate));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData(null)]
    public void An_unusable_replacement_leaves_the_earlier_certificate_in_use_until_it_is_mended(string? content)
    {
        var certificate = Load(_authority.WritePem(PathOf("a.pem"), "first"));
        if (content is null)
            File.Delete(PathOf("a.pem"));
        else
            File.WriteAllText(PathOf("a.pem"), content);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("CN=first", SubjectOf(certificate));

        _authority.WritePem(PathOf("a.pem"), "second");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("CN=second", SubjectOf(certificate));
    }

    [Theory]
    [InlineData(-9, -1, "it expired on ")]
    [InlineData(1, 9, "it is valid only from ")]
    public void A_certificate_that_is_not_valid_now_is_refused(int from, int to, string reason)
    {
        var path = _authority.WritePem(PathOf("a.pem"), "a", from, to);

        var failure = Assert.Throws<StartFailedException>(() => Load(path));
        Assert.StartsWith($"load_balancer.certificate: the certificate CN=a in {path} cannot be used: {reason}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_names_the_setting_that_is_missing()
    {
        using var certificate = _authority.Issue("a");
        File.WriteAllText(PathOf("a.pem"), certificate.ExportCertificatePem());

        Assert.Contains("load_balancer.certificate_key", Assert.Throws<StartFailedException>(() => Load(PathOf("a.pem"))).Message, StringComparison.Ordinal);
    }

    private ServerCertificate Load(string path) =>
        new(new LoadBalancerSettings { Certificate = path }, _time, NullLogger<ServerCertificate>.Instance);

    private static string SubjectOf(ServerCertificate certificate) => certificate.Options.ServerCertificateContext!.TargetCertificate.Subject;

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
