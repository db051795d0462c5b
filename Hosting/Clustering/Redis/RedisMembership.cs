using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Shortline.Hosting.Ports;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Hosting.Clustering.Redis;

/// <summary>Members and grain state in a Redis server, for silos on several machines.</summary>
internal sealed class RedisMembership(ClusterSettings cluster) : IMembership
{
    public void UseIn(ISiloBuilder silo, PortClaim ports)
    {
        var options = RedisConfiguration.Of(cluster);
        AddServices(silo.Services, options);
        silo.Services.AddHostedService<MembershipWatch>();

        // The providers validate the options but connect by the factory. Both share one connection, which the host disposes.
        silo
            .UseRedisClustering(own => own.ConfigurationOptions = options)
            .AddRedisGrainStorage(SiloCluster.Storage, own => own.ConfigurationOptions = options)
            .ConfigureEndpoints(IPAddress.Parse(cluster.Address), ports.SiloPort, ports.ClientPort);
    }

    public void UseIn(IClientBuilder client)
    {
        var options = RedisConfiguration.Of(cluster);
        AddServices(client.Services, options);
        client.UseRedisClustering(own => own.ConfigurationOptions = options);
    }

    private static void AddServices(IServiceCollection services, StackExchange.Redis.ConfigurationOptions options)
    {
        services.AddSingleton(_ => new RedisConnection(options));
        services.AddOptions<Orleans.Clustering.Redis.RedisClusteringOptions>().Configure<RedisConnection>((own, connection) =>
            own.CreateMultiplexer = async _ => (await connection.Get(), IsShared: true));
        services.AddOptions<Orleans.Persistence.RedisStorageOptions>(SiloCluster.Storage).Configure<RedisConnection>((own, connection) =>
            own.CreateMultiplexer = async _ => (await connection.Get(), IsShared: true));
        services.AddHostedService<RedisCheck>();
    }
}
