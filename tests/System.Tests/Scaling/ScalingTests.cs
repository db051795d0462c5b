using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Scaling;

public sealed class ScalingTests
{
    [Fact]
    public async Task The_fleet_grows_with_the_load_shrinks_after_it_and_loses_no_request()
    {
        await using var fleet = await Fleet.Start(
            "--controller:interval_ms=200", "--controller:stable_window_ms=2000", "--controller:panic_window_ms=500");

        // This load keeps 2.5 workers busy. With some room for random arrivals the fleet has 3 to 5 servers.
        await using var load = await fleet.AllOk(
            "--operation", "compute", "--payload", """{"seconds":0.025}""", "--rate", "100", "--duration", "4s", "--clients", "4");
        Assert.True(fleet.Sizes().Count > 0 && fleet.Sizes().Max() >= 3, $"The fleet did not grow.\n{fleet.Silo.Describe()}");
        Assert.True(load.Output.Split('\n').Count(line => line.Contains(" % |", StringComparison.Ordinal)) >= 3, $"New servers had no share.\n{load.Describe()}");

        // A light load goes on while servers leave.
        await using var tail = await fleet.AllOk("--requests", "120", "--rate", "20", "--clients", "2");
        await fleet.Silo.WaitForLine(" 2 → 1 servers");
        await fleet.Silo.WaitForLine("server 0 is started");
        Assert.Contains(" is drained", fleet.Silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("lost", fleet.Silo.Output + fleet.Silo.Error, StringComparison.Ordinal);
    }
}
