using Orleans.Configuration;
using Orleans.Hosting;

namespace Shortline.Hosting;

/// <summary>
/// How soon silos notice that one of them is gone. With Orleans' own values that takes half a minute; docs/cluster.md has the same table
/// for operators.
/// </summary>
internal static class SiloLiveness
{
    public static void Configure(ISiloBuilder silo) => silo.Configure<ClusterMembershipOptions>(own =>
    {
        // A silo that others cannot reach must leave, or its servers would count as there.
        own.LivenessEnabled = true;

        // A probe a second between silos, each at most every half second once answers are known to come fast: three missed ones are a
        // crash that is noticed within two seconds or so.
        own.ProbeTimeout = TimeSpan.FromSeconds(1);
        own.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
        own.NumMissedProbesLimit = 3;

        // A crashed process closes its connections. One that is stopped (a paused machine, a long garbage collection) does not: it is
        // given MaxProbeTimeout × NumMissedProbesLimit = 4.8 s without a word on them before anybody votes. Its requests do not wait for
        // that, the gateway sends them elsewhere.
        own.MaxProbeTimeout = TimeSpan.FromSeconds(1.6);
        own.EnableConnectionLivenessCheck = true;

        // One silo alone may be the one that is cut off. (Of two silos, one vote is enough: there is nobody else.)
        own.NumVotesForDeathDeclaration = 2;
        own.DeathVoteExpirationTimeout = TimeSpan.FromSeconds(30);

        // Gossip tells of changes at once; the table is for those whom it does not reach, such as a silo that woke up dead.
        own.UseLivenessGossip = true;
        own.TableRefreshTimeout = TimeSpan.FromSeconds(5);

        // After a crash of all silos the first one to come back does not wait for those whose entries are older than three of these.
        own.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        own.NumMissedTableIAmAliveLimit = 3;

        // A start that cannot join is told in the time that somebody watches it.
        own.MaxJoinAttemptTime = TimeSpan.FromSeconds(60);

        // Every start leaves an entry; a day of them is kept for people who look.
        own.DefunctSiloExpiration = TimeSpan.FromDays(1);
        own.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
    });
}
