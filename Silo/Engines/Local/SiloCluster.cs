using Orleans.Configuration;
using Orleans.Hosting;
using Shortline.Gateway;
using Shortline.Hosting;

namespace Shortline.Silo;

/// <summary>How a silo belongs to a cluster of the local engine.</summary>
internal static class SiloCluster
{
    /// <summary>
    /// How long a grain call may take. A gateway does not wait for it, it has the deadlines of its requests; this is for the calls between
    /// grains, which are short.
    /// </summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Sets the silo up.</summary>
    /// <exception cref="StartFailedException">The settings want what only Orleans has.</exception>
    public static void Use(ISiloBuilder silo, ClusterSettings cluster, PortClaim ports)
    {
        LocalCluster.Check(cluster);
        silo
            .UseLocalhostClustering(ports.SiloPort, ports.ClientPort, clusterId: cluster.Id)
            .AddMemoryGrainStorage(SiloHost.Storage)
            .Configure<SiloMessagingOptions>(own => own.ResponseTimeout = ResponseTimeout);
    }

    /// <summary>There is no database to prepare.</summary>
    /// <exception cref="StartFailedException">Always.</exception>
    public static Task<int> PrepareDatabase(ClusterSettings cluster, TextWriter output, CancellationToken stop) =>
        throw new StartFailedException(
            "--prepare-database needs Orleans, and this program was built with the local engine, which has no database. Build it with Orleans: "
            + "dotnet run --project Silo -p:Engine=Orleans -- --prepare-database");
}
