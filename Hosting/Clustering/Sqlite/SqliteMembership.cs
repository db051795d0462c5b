using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>
/// Members and grain state in one SQLite file of this user, for the silos and gateways of one machine, with nothing to install. Orleans'
/// AdoNet providers read and write it. Each silo also holds a lock file, which the kernel unlocks when the process ends, so the other silos
/// know at once and for certain that it is gone. From the age of a heartbeat they could only guess.
/// </summary>
internal sealed class SqliteMembership(ClusterSettings cluster) : IMembership
{
    /// <summary>Orleans' invariant name for SQLite libraries.</summary>
    private const string Invariant = "System.Data.SQLite";

    public void UseIn(ISiloBuilder silo, PortClaim ports)
    {
        var database = Open();
        SkipGenerationsOf(database, ports.SiloPort);
        var source = database.Source;
        silo.Services.AddSingleton(database);
        silo.Services.AddHostedService<SiloJoin>();
        silo.Services.AddHostedService<LostSiloWatch>();
        silo
            .UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (Invariant, source))
            .AddAdoNetGrainStorage(SiloCluster.Storage, options => (options.Invariant, options.DataSource) = (Invariant, source))
            .ConfigureEndpoints(IPAddress.Loopback, ports.SiloPort, ports.ClientPort);
    }

    public void UseIn(IClientBuilder client)
    {
        var database = Open();
        client.Services.AddSingleton(database);
        client.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (Invariant, database.Source));
    }

    private ClusterDatabase Open() => ClusterDatabase.Open(ClusterFolder.Of(cluster));

    /// <summary>
    /// Orleans derives the number of a run, its generation, from the time in whole seconds. A silo that starts on the port of one that
    /// ended within the same second would find itself declared dead, so the generations that the port has had are skipped.
    /// </summary>
    private static void SkipGenerationsOf(ClusterDatabase database, int port)
    {
        var highest = database.HighestGeneration(port);
        while (SiloAddress.AllocateNewGeneration() < highest)
        {
            // Each call returns a higher number than the one before.
        }
    }
}
