using Orleans.Configuration;
using Orleans.Hosting;

namespace Shortline.Hosting.Clustering;

/// <summary>
/// Sets how soon silos notice the loss of a silo, which takes half a minute with Orleans' defaults. docs/cluster.md lists the same values
/// for operators.
/// </summary>
internal static class SiloLiveness
{
    public static void Configure(ISiloBuilder silo) => silo.Configure<ClusterMembershipOptions>(own =>
    {
        // A silo that the others cannot reach must leave the cluster. Otherwise its servers would still count.
        own.LivenessEnabled = true;

        // Silos probe each other every second, or every half second if responses are fast. After three missed probes, within about two
        // seconds, they notice a crash.
        own.ProbeTimeout = TimeSpan.FromSeconds(1);
        own.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
        own.NumMissedProbesLimit = 3;

        // A crashed process closes its connections. A stopped one (a paused machine, a long garbage collection) does not: the others
        // wait MaxProbeTimeout × NumMissedProbesLimit = 4.8 s before they vote. Gateways send its requests elsewhere before that.
        own.MaxProbeTimeout = TimeSpan.FromSeconds(1.6);
        own.EnableConnectionLivenessCheck = true;

        // A single silo that sees another as dead may itself be the one that is cut off. In a cluster of two, one vote is enough.
        own.NumVotesForDeathDeclaration = 2;
        own.DeathVoteExpirationTimeout = TimeSpan.FromSeconds(30);

        // Gossip spreads changes at once. A silo that gossip does not reach, because it was stopped and declared dead, reads the table.
        own.UseLivenessGossip = true;
        own.TableRefreshTimeout = TimeSpan.FromSeconds(5);

        // After a crash of all silos, the first one that starts ignores entries older than three of these periods.
        own.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        own.NumMissedTableIAmAliveLimit = 3;

        // A silo that cannot join fails while the operator still watches.
        own.MaxJoinAttemptTime = TimeSpan.FromSeconds(60);

        // Every start leaves an entry. Operators can read the entries of one day.
        own.DefunctSiloExpiration = TimeSpan.FromDays(1);
        own.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
    });
}
