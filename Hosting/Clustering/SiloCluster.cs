using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Shortline.Hosting;

/// <summary>How a silo belongs to a cluster of Orleans.</summary>
internal static class SiloCluster
{
    /// <summary>The storage that grains keep their state in.</summary>
    internal const string Storage = "shortline";

    /// <summary>Sets the silo up.</summary>
    /// <exception cref="StartFailedException">The cluster cannot be joined.</exception>
    public static void Use(ISiloBuilder silo, ClusterSettings cluster, PortClaim ports)
    {
        if (cluster.Membership == ClusterSettings.PostgreSql)
            UseDatabase(silo, cluster, ports);
        else
            UseLocalhost(silo, cluster, ports);
        silo.Configure<ClusterOptions>(own => (own.ClusterId, own.ServiceId) = (cluster.Id, cluster.Id));
        SiloLiveness.Configure(silo);
        SiloMessaging.Configure(silo);
    }

    /// <summary>Makes what the database needs.</summary>
    /// <exception cref="StartFailedException">It cannot.</exception>
    public static async Task<int> PrepareDatabase(ClusterSettings cluster, TextWriter output, CancellationToken stop)
    {
        if (cluster.ConnectionString.Length == 0)
            throw new StartFailedException("--prepare-database needs cluster.connection_string, best in the environment: SHORTLINE__cluster__connection_string.");
        await using var source = ClusterDatabase.SourceOf(cluster);
        await DatabasePreparation.Run(source, output, stop);
        return 0;
    }

    private static void UseDatabase(ISiloBuilder silo, ClusterSettings cluster, PortClaim ports)
    {
        var source = ClusterDatabase.SourceOf(cluster);
        silo.Services.AddSingleton(_ => source);
        silo.Services.AddHostedService<ClusterDatabaseCheck>();
        silo
            .UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (ClusterDatabase.Invariant, source))
            .AddAdoNetGrainStorage(Storage, options => (options.Invariant, options.DataSource) = (ClusterDatabase.Invariant, source))
            .ConfigureEndpoints(IPAddress.Parse(cluster.Address), ports.SiloPort, ports.ClientPort);
    }

    /// <summary>The first silo keeps the list of members in its memory, so the cluster hangs on it.</summary>
    private static void UseLocalhost(ISiloBuilder silo, ClusterSettings cluster, PortClaim ports)
    {
        if (ports.FirstSiloPort is not { } first)
        {
            throw new StartFailedException(
                $"The first silo of cluster {cluster.Id} is gone, with it the list of members, and its port is taken by another program. End the other "
                + "silos and start again; or use cluster.membership postgresql, which survives the loss of any silo (docs/cluster.md).");
        }

        silo
            .UseLocalhostClustering(ports.SiloPort, ports.ClientPort, new IPEndPoint(IPAddress.Loopback, first))
            .AddMemoryGrainStorage(Storage);
    }
}
