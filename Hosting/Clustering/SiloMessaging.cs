using Orleans.Configuration;
using Orleans.Hosting;

namespace Shortline.Hosting;

/// <summary>The limits of calls between silos.</summary>
internal static class SiloMessaging
{
    /// <summary>
    /// Requests that may wait for one grain. A gateway has one call under way to a server at a time, so that only a grain that hangs has
    /// this many; from then on it fails at once instead of filling the memory.
    /// </summary>
    private const int EnqueuedLimit = 10_000;

    public static void Configure(ISiloBuilder silo) => silo
        .Configure<SiloMessagingOptions>(own =>
        {
            // A gateway does not wait for it, it has the deadlines of its requests; this is for the calls between grains, which are
            // short.
            own.ResponseTimeout = TimeSpan.FromSeconds(10);
            own.SystemResponseTimeout = TimeSpan.FromSeconds(10);

            // What nobody waits for any more need not run.
            own.CancelRequestOnTimeout = true;
            own.MaxEnqueuedRequestsHardLimit = EnqueuedLimit;

            // A gateway that lost its connection comes back within seconds or not at all; until then responses are kept for it.
            own.ClientDropTimeout = TimeSpan.FromSeconds(10);
        })
        .Configure<ConnectionOptions>(own =>
        {
            // As the gateways have it: what takes no connection by then is gone or stopped.
            own.OpenConnectionTimeout = TimeSpan.FromSeconds(2);
            own.ConnectionRetryDelay = TimeSpan.FromMilliseconds(200);
        })
        .Configure<GrainCollectionOptions>(own =>
        {
            // No activation or deactivation of ours waits for anything slow; one that hangs must not hold up a stop.
            own.ActivationTimeout = TimeSpan.FromSeconds(10);
            own.DeactivationTimeout = TimeSpan.FromSeconds(10);
        });
}
