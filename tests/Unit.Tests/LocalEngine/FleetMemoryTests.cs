using Shortline.Unit.Tests.Grains.Control;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.LocalEngine;

/// <summary>
/// What the balancer and the controller remember. Here, because the memory storage of Orleans loses what the lost silo held: there a
/// database keeps it.
/// </summary>
public class FleetMemoryTests
{
    [Fact]
    public async Task What_was_set_by_hand_outlives_the_silos_it_was_set_on()
    {
        await using var cluster = await ControlCluster.Start(ControllerTests.Quick, silos: 2);
        await cluster.StartFleet();
        Assert.True(await cluster.Balancer.SetAlgorithm("round_robin"));
        Assert.NotNull(await cluster.Controller.AddServer());
        Assert.NotNull(await cluster.Controller.AddServer());
        var minimum = (await cluster.Controller.GetStatus()).Minimum;

        for (var round = 0; round < 2; round++)
        {
            await cluster.Silos.StartAdditionalSiloAsync();
            await cluster.Silos.KillSiloAsync(cluster.Silos.Silos[0]);
        }

        await Eventually.True(
            async () => (await cluster.Refresh()).Algorithm == "round_robin", "the algorithm that was set");
        await cluster.StartFleet();
        Assert.Equal(minimum, (await cluster.Controller.GetStatus()).Minimum);
    }
}
