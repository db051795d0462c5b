using Orleans.Configuration;
using Orleans.Hosting;

namespace Shortline.Hosting.Clustering;

/// <summary>The limits of calls between silos.</summary>
internal static class SiloMessaging
{
    /// <summary>
    /// The most calls that wait for one grain. A gateway has one call at a time in flight to a server, so only a grain that hangs has this
    /// many. Further calls then fail at once instead of filling the memory.
    /// </summary>
    private const int EnqueuedLimit = 10_000;

    public static void Configure(ISiloBuilder silo) => silo
        .Configure<SiloMessagingOptions>(own =>
        {
            // For calls between grains, which are short. A gateway uses the deadlines of its requests.
            own.ResponseTimeout = TimeSpan.FromSeconds(10);
            own.SystemResponseTimeout = TimeSpan.FromSeconds(10);

            // A call whose caller has given up does not need to run.
            own.CancelRequestOnTimeout = true;
            own.MaxEnqueuedRequestsHardLimit = EnqueuedLimit;

            // A gateway that lost its connection is back within seconds, or not at all. Responses are kept for it that long.
            own.ClientDropTimeout = TimeSpan.FromSeconds(10);
        })
        .Configure<ConnectionOptions>(own =>
        {
            // As in GatewayCluster: a process that accepts no connection by then is gone or stopped.
            own.OpenConnectionTimeout = TimeSpan.FromSeconds(2);
            own.ConnectionRetryDelay = TimeSpan.FromMilliseconds(200);
        })
        .Configure<GrainCollectionOptions>(own =>
        {
            // Activation and deactivation are fast. A grain that hangs must not delay the stop of a silo.
            own.ActivationTimeout = TimeSpan.FromSeconds(10);
            own.DeactivationTimeout = TimeSpan.FromSeconds(10);
        });
}
