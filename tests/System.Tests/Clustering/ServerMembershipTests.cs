using Shortline.System.Tests.Loss;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Clustering;

/// <summary>
/// Tests of every membership that is kept in a server: silos and requests survive the loss of the server, and of any silo.
/// </summary>
public abstract class ServerMembershipTests
{
    /// <summary>
    /// The most requests that must not run twice and may be lost with the silo that crashes. It crashes just after another silo has joined,
    /// when a busy machine responds late. LossTests bound this number tightly; here it only must not be most of the load.
    /// </summary>
    private const int InFlightAtCrash = 200;

    /// <summary>Longer than the five seconds between two heartbeats, so every silo fails to write one.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task A_crash_of_the_database_and_then_of_a_silo_under_load_loses_no_idempotent_request()
    {
        await using var cluster = await Cluster.Start(await NewDatabase(), silos: 2, gateways: 1);
        using var load = new SteadyLoad(cluster);
        await load.Survives(
            async () =>
            {
                await KillServer();
                await Task.Delay(Outage, TimeProvider.System); // the length of the outage is what is tested
                await RunServer();
                await cluster.StartSilo();
                await cluster.Kill(cluster.OtherSilo);
            },
            InFlightAtCrash);
    }

    [Fact]
    public async Task The_size_of_the_fleet_outlives_all_silos()
    {
        await using var cluster = new TestCluster(await NewDatabase());
        await cluster.PrepareDatabase();
        var silo = await cluster.Silo("one", "--server:count=3");
        await silo.WaitForLine("server 2 is started");
        await silo.Terminate();
        Assert.True(await silo.WaitForExit() == 0, silo.Describe());

        var again = await cluster.Silo("two", "--server:count=1");

        await again.WaitForLine("server 2 is started");
        cluster.AssertNoSecret();
    }

    /// <summary>Returns the connection string for a new cluster.</summary>
    protected abstract Task<string> NewDatabase();

    protected abstract Task KillServer();

    protected abstract Task RunServer();
}
