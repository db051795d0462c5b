using Shortline.System.Tests.Processes;
using Shortline.TestCertificates;

namespace Shortline.System.Tests.Clustering;

/// <summary>TLS between silos and from gateways to silos.</summary>
public sealed class TlsTests(RunningRedis running) : IClassFixture<RunningRedis>, IDisposable
{
    private readonly WorkingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Processes_with_certificates_of_the_authority_work_together_and_others_are_refused()
    {
        using TestAuthority authority = new("Cluster"), stranger = new("Stranger");
        await using var cluster = new TestCluster(running.Server.ConnectionString);
        var port = FreePorts.Next();
        await cluster.Silo("one", Settings(authority, "one"));
        await cluster.Silo("two", Settings(authority, "two"));
        await cluster.Gateway(port, Settings(authority, "gateway"));
        await cluster.AllOk(port, "--requests", "200");

        var wrong = cluster.StartSilo("wrong", Settings(stranger, "wrong"));
        var plain = cluster.StartGateway(FreePorts.Next());

        await wrong.WaitForLine(" is not accepted: its issuer (CN=Cluster) is not the authority of this cluster (CN=Stranger)");
        await WaitForLineOfASilo(cluster, "the certificate CN=wrong is not accepted: its issuer (CN=Stranger) is not the authority of this cluster (CN=Cluster)");
        await plain.WaitForLine("The gateway cannot connect to any silo of cluster");
        await WaitForLineOfASilo(cluster, "to this silo is refused: the other side does not use TLS");
        await cluster.AllOk(port, "--requests", "50");

        // Links are not encrypted, so there are none.
        Assert.DoesNotContain(cluster.Processes, process => process.Output.Contains("over a link", StringComparison.Ordinal));
        Assert.DoesNotContain("is ready", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_used_is_reported_in_one_message()
    {
        using var authority = new TestAuthority("Cluster");
        await using var cluster = new TestCluster(running.Server.ConnectionString);
        var expired = authority.WritePem(_folder.PathOf("expired.pem"), "expired", from: -10, to: -1);
        var silo = cluster.StartSilo("one", $"--cluster:certificate={expired}");
        var gateway = cluster.StartGateway(FreePorts.Next(), $"--cluster:certificate={_folder.PathOf("missing.pem")}");

        Assert.True(await silo.WaitForExit() == 1, silo.Describe());
        Assert.Contains("cluster.certificate: the certificate CN=expired in ", silo.Error, StringComparison.Ordinal);
        Assert.Contains("cannot be used: it expired on ", silo.Error, StringComparison.Ordinal);
        Assert.True(await gateway.WaitForExit() == 1, gateway.Describe());
        Assert.Equal($"cluster.certificate: there is no file {_folder.PathOf("missing.pem")}.\n", gateway.Error);
    }

    /// <summary>
    /// Waits until one of the two silos writes a text. Either may be the one to which the other process connects, or that connects to it.
    /// </summary>
    private static async Task WaitForLineOfASilo(TestCluster cluster, string text)
    {
        var silos = cluster.Processes.Take(2).Select(silo => silo.WaitForLine(text)).ToList();
        await await Task.WhenAny(silos);
    }

    private string[] Settings(TestAuthority authority, string name) => [$"--cluster:certificate={authority.WritePem(_folder.PathOf($"{name}.pem"), name)}"];
}
