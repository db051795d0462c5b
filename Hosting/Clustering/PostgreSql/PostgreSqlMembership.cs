using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Hosting.Clustering.PostgreSql;

/// <summary>Members and grain state in a PostgreSQL database, for silos on several machines.</summary>
internal sealed class PostgreSqlMembership(ClusterSettings cluster) : IMembership
{
    public void UseIn(ISiloBuilder silo, PortClaim ports)
    {
        var source = PostgreSqlDatabase.SourceOf(cluster);
        silo.Services.AddSingleton(_ => source);
        silo.Services.AddHostedService<PostgreSqlCheck>();
        silo.Services.AddHostedService<MembershipWatch>();
        silo
            .UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgreSqlDatabase.Invariant, source))
            .AddAdoNetGrainStorage(SiloCluster.Storage, options => (options.Invariant, options.DataSource) = (PostgreSqlDatabase.Invariant, source))
            .ConfigureEndpoints(IPAddress.Parse(cluster.Address), ports.SiloPort, ports.ClientPort);
    }

    public void UseIn(IClientBuilder client)
    {
        var source = PostgreSqlDatabase.SourceOf(cluster);
        client.Services.AddSingleton(_ => source);
        client.Services.AddHostedService<PostgreSqlCheck>();
        client.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgreSqlDatabase.Invariant, source));
    }
}
