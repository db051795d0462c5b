using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Shortline.Hosting.Clustering.PostgreSql;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Hosting.Tls;

namespace Shortline.Hosting.Clustering;

/// <summary>Makes a silo a member of its cluster.</summary>
internal static class SiloCluster
{
    /// <summary>The name of the storage in which grains keep their state.</summary>
    internal const string Storage = "shortline";

    /// <summary>Sets up membership, storage, endpoints, liveness and the limits of calls.</summary>
    /// <exception cref="StartFailedException">The silo cannot join; the message says what to do.</exception>
    public static void Use(ISiloBuilder silo, ClusterSettings cluster, PortClaim ports)
    {
        Membership.Of(cluster).UseIn(silo, ports);
        ClusterTls.Use(silo, cluster);
        silo.Configure<ClusterOptions>(own => (own.ClusterId, own.ServiceId) = (cluster.Id, cluster.Id));
        SiloLiveness.Configure(silo);
        silo.Services.AddHostedService<HungSiloWatch>();
        SiloMessaging.Configure(silo);
    }

    /// <summary>Creates the tables of a PostgreSQL database. Other memberships need no preparation.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="StartFailedException">The database cannot be prepared; the message says why.</exception>
    public static async Task<int> PrepareDatabase(ClusterSettings cluster, TextWriter output, CancellationToken stop)
    {
        if (cluster.Membership != ClusterSettings.PostgreSql)
        {
            await output.WriteLineAsync($"cluster.membership is {cluster.Membership}: there is nothing to prepare. Only a {ClusterSettings.PostgreSql} database is prepared.");
            return 0;
        }

        await using var source = PostgreSqlDatabase.SourceOf(cluster);
        await PostgreSqlPreparation.Run(source, output, stop);
        return 0;
    }
}
