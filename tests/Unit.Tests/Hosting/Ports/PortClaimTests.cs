using System.Net;
using System.Net.Sockets;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;

namespace Shortline.Unit.Tests.Hosting.Ports;

public sealed class PortClaimTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("shortline-claims-");
    private readonly List<PortClaim> _claims = [];
    private readonly ClusterSettings _cluster = FreeRange();

    public void Dispose()
    {
        _claims.ForEach(claim => claim.Dispose());
        _parent.Delete(recursive: true);
    }

    [Fact]
    public void Two_claims_in_one_process_get_different_pairs()
    {
        var (first, second) = (Take(), Take());

        Assert.Equal((_cluster.SiloPortRangeStart, _cluster.ClientPortRangeStart), (first.SiloPort, first.ClientPort));
        Assert.Equal((_cluster.SiloPortRangeStart + 1, _cluster.ClientPortRangeStart + 1), (second.SiloPort, second.ClientPort));
    }

    [Fact]
    public void A_released_pair_can_be_claimed_again()
    {
        Take().Dispose();

        Assert.Equal(_cluster.SiloPortRangeStart, Take().SiloPort);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pair_is_skipped_if_another_program_uses_one_of_its_ports(bool silo)
    {
        using var other = new TcpListener(IPAddress.Loopback, silo ? _cluster.SiloPortRangeStart : _cluster.ClientPortRangeStart);
        other.Start();

        Assert.Equal(_cluster.SiloPortRangeStart + 1, Take().SiloPort);
    }

    [Fact]
    public void The_error_names_the_range_and_its_settings_if_all_pairs_are_claimed()
    {
        for (var i = 0; i < 3; i++)
            Take();

        var failure = Assert.Throws<StartFailedException>(Take);

        Assert.Contains($"from {_cluster.SiloPortRangeStart} to {_cluster.SiloPortRangeEnd - 1}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cluster.silo_port_range_end", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cluster.client_port_range_start", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrent_claims_get_different_pairs()
    {
        var cluster = _cluster with { SiloPortRangeEnd = _cluster.SiloPortRangeStart + 200 };

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => PortClaim.Take(cluster, FolderPath))));

        _claims.AddRange(claims);
        Assert.Equal(16, claims.Select(claim => claim.SiloPort).Distinct().Count());
    }

    [Fact]
    public void An_address_of_another_machine_is_refused()
    {
        var failure = Assert.Throws<StartFailedException>(() => PortClaim.Take(_cluster with { Address = "192.0.2.1" }, FolderPath));

        Assert.Contains("no address 192.0.2.1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cluster.address", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_is_private_and_a_link_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        Take();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(FolderPath));

        var link = Path.Combine(_parent.FullName, "link");
        Directory.CreateSymbolicLink(link, FolderPath);
        Assert.Throws<StartFailedException>(() => PortClaim.Take(_cluster, link));
    }

    private string FolderPath => Path.Combine(_parent.FullName, "claims");

    private PortClaim Take()
    {
        var claim = PortClaim.Take(_cluster, FolderPath);
        _claims.Add(claim);
        return claim;
    }

    // Finds three pairs of ports that are free now.
    private static ClusterSettings FreeRange()
    {
        for (var start = 20_000; ; start += 7)
        {
            if (Enumerable.Range(start, 3).All(IsFree) && Enumerable.Range(start + 5000, 3).All(IsFree))
                return new ClusterSettings { SiloPortRangeStart = start, SiloPortRangeEnd = start + 3, ClientPortRangeStart = start + 5000 };
        }

        static bool IsFree(int port) => PortTest.IsFree(IPAddress.Loopback, port);
    }
}
