using Orleans.Configuration;
using Orleans.Hosting;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using Shortline.Hosting.Tls;

namespace Shortline.Hosting.Clustering;

/// <summary>Makes a gateway process a client of its cluster.</summary>
internal static class GatewayCluster
{
    /// <summary>
    /// Time between two reads of the list of silos, each one small query. It is also how long the gateway avoids a silo whose connection
    /// broke. The shorter it is, the sooner a new or restarted silo gets traffic.
    /// </summary>
    private static readonly TimeSpan ListRefreshPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Silos are one network round trip away. A silo that accepts no connection by then is gone or stopped.</summary>
    private static readonly TimeSpan OpenConnectionTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Short, so that the gateway uses a restarted silo at once.</summary>
    private static readonly TimeSpan ConnectionRetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a grain call may take. A gateway's calls take milliseconds, because they do not await the work of a request.
    /// </summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sets up membership, TLS and the limits of calls.</summary>
    /// <exception cref="StartFailedException">The cluster cannot be looked up; the message says what to do.</exception>
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
                // Orleans does not tell a client that a silo was lost during its call, so this bounds how long the client keeps such a
                // call. It is longer than a pause of a silo of a few seconds. Requests have deadlines of their own.
                own.ResponseTimeout = CallTimeout;

                // The silo cancels a call that the gateway has given up, if its method takes a token.
                own.CancelRequestOnTimeout = true;
            });
    }
}
