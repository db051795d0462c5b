using Orleans.Configuration;
using Orleans.Hosting;

namespace Shortline.Hosting;

/// <summary>How a gateway process belongs to a cluster of Orleans.</summary>
internal static class GatewayCluster
{
    /// <summary>
    /// How often the silos are looked up. It is also how long one that broke a connection is left alone: the shorter, the sooner a silo
    /// that was added, or started again, carries traffic. One small query of a database a period.
    /// </summary>
    private static readonly TimeSpan ListRefreshPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Silos are a network's round trip away: one that has not taken a connection by then is gone or stopped.</summary>
    private static readonly TimeSpan OpenConnectionTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A silo that is started again is not kept waiting.</summary>
    private static readonly TimeSpan ConnectionRetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a grain call may take. Those of a gateway take milliseconds: work is not awaited in them.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sets the client up.</summary>
    public static void Use(IClientBuilder client, ClusterSettings cluster)
    {
        Membership.Of(cluster).UseIn(client);
        ClusterTls.Use(client, cluster);
        client
            .Configure<ClusterOptions>(own => (own.ClusterId, own.ServiceId) = (cluster.Id, cluster.Id))
            .Configure<GatewayOptions>(own => own.GatewayListRefreshPeriod = ListRefreshPeriod)
            .Configure<ConnectionOptions>(own =>
            {
                own.OpenConnectionTimeout = OpenConnectionTimeout;
                own.ConnectionRetryDelay = ConnectionRetryDelay;
            })
            .Configure<ClientMessagingOptions>(own =>
            {
                // The gateway has the deadlines of its requests. This bounds how long a call is kept that a silo took along when it
                // vanished, for nobody tells a client so; it outlasts a silo that was only stopped for some seconds.
                own.ResponseTimeout = CallTimeout;

                // A call that was given up is given up at the server too, as far as it takes a token.
                own.CancelRequestOnTimeout = true;
            });
    }
}
