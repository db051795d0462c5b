using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;
using Shortline.Unit.Tests.ProgrammingModel;

namespace Shortline.Unit.Tests.LocalEngine;

public class PlacementTests
{
    [Fact]
    public async Task Grains_spread_over_the_silos()
    {
        await using var cluster = await ManualCluster.Start(2);

        var silos = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ => (await cluster.NewGrain<IProbeGrain>().Where()).Silo));

        Assert.All(silos.CountBy(silo => silo), count => Assert.InRange(count.Value, 20, 80));
        Assert.Equal(2, silos.Distinct().Count());
    }

    [Fact]
    public async Task A_director_chooses_the_silo_of_its_grains()
    {
        await using var cluster = new InProcessTestClusterBuilder(3)
            .ConfigureSilo((_, silo) => silo.Services.AddPlacementDirector<NamedPlacement, NamedPlacementDirector>())
            .Build();
        await cluster.DeployAsync();

        foreach (var silo in cluster.Silos)
        {
            Assert.Equal(silo.Name, await cluster.Client.GetGrain<INamedGrain>($"a@{silo.SiloAddress}").Where());
        }
    }

    [Fact]
    public async Task What_a_director_throws_reaches_the_caller()
    {
        await using var cluster = new InProcessTestClusterBuilder(1)
            .ConfigureSilo((_, silo) => silo.Services.AddPlacementDirector<NamedPlacement, NamedPlacementDirector>())
            .Build();
        await cluster.DeployAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => cluster.Client.GetGrain<INamedGrain>("a@nowhere").Where());
    }

    [Fact]
    public async Task A_director_that_was_not_added_is_named()
    {
        await using var cluster = await ManualCluster.Start();

        var exception = await Assert.ThrowsAsync<OrleansException>(() => cluster.NewGrain<INamedGrain>().Where());

        Assert.Contains(nameof(NamedPlacement), exception.Message, StringComparison.Ordinal);
    }

    public interface INamedGrain : IGrainWithStringKey
    {
        Task<string> Where();
    }

    [NamedPlacement]
    public sealed class NamedGrain(ILocalSiloDetails silo) : Grain, INamedGrain
    {
        public Task<string> Where() => Task.FromResult(silo.Name);
    }

    public sealed class NamedPlacement : PlacementStrategy;

    public sealed class NamedPlacementAttribute() : PlacementAttribute(new NamedPlacement());

    public sealed class NamedPlacementDirector : IPlacementDirector
    {
        public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
        {
            var name = target.GrainIdentity.Key.ToString().Split('@')[^1];
            return Task.FromResult(context.GetCompatibleSilos(target).FirstOrDefault(silo => silo.ToString() == name)
                ?? throw new SiloUnavailableException($"{name} is gone."));
        }
    }
}
