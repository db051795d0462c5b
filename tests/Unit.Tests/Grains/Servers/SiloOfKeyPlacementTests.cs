using Orleans.Runtime;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>Three silos.</summary>
public sealed class ThreeSilos() : ServerSilos(count: 3);

public sealed class SiloOfKeyPlacementTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    [Fact]
    public async Task A_server_is_activated_on_the_silo_of_its_key()
    {
        await using var cluster = silos.NewPool();
        foreach (var silo in cluster.Cluster.Silos)
        {
            var reports = await Task.WhenAll(Enumerable.Range(0, 5).Select(id => cluster.Server(id.ToString(), silo).Start(0)));

            Assert.All(reports, report => Assert.Equal((silo.Name, silo.SiloAddress.ToString()), (report.Silo, report.SiloAddress)));
            Assert.All(reports, report => Assert.Equal(ServerStatus.Ready, report.Status));
        }
    }

    [Fact]
    public async Task A_server_ends_with_its_silo_and_is_not_activated_elsewhere()
    {
        await using var cluster = silos.NewPool();
        var silo = await cluster.Cluster.StartAdditionalSiloAsync();
        var server = cluster.Server("0", silo);
        await server.Start(0);

        await cluster.Cluster.StopSiloAsync(silo);

        await Assert.ThrowsAnyAsync<SiloUnavailableException>(() => server.Start(0));
        await Assert.ThrowsAnyAsync<SiloUnavailableException>(() => cluster.Server("1", "S127.0.0.1:1:1").GetStatus());
    }

    [Fact]
    public async Task The_same_id_on_two_silos_makes_two_servers_with_increasing_incarnations()
    {
        await using var cluster = silos.NewPool();
        var first = await cluster.Server("0", cluster.Cluster.Silos[0]).Start(0);
        var ahead = first.Incarnation + 1_000_000_000; // As from a machine whose clock is days ahead.

        var second = await cluster.Server("0", cluster.Cluster.Silos[1]).Start(ahead);

        Assert.Equal(ahead + 1, second.Incarnation);
        Assert.Equal(first.Incarnation, (await cluster.Server("0", cluster.Cluster.Silos[0]).GetStatus()).Incarnation);
        Assert.Equal(second.Incarnation, (await cluster.Server("0", cluster.Cluster.Silos[1]).Start(0)).Incarnation);
    }
}
