using Shortline.Hosting.Clustering.PostgreSql;
using Shortline.Hosting.Clustering.Redis;
using Shortline.Hosting.Clustering.Sqlite;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Hosting.Clustering;

/// <summary>Creates the membership that the settings name.</summary>
internal static class Membership
{
    public static IMembership Of(ClusterSettings cluster) => cluster.Membership switch
    {
        ClusterSettings.PostgreSql => new PostgreSqlMembership(cluster),
        ClusterSettings.Redis => new RedisMembership(cluster),
        ClusterSettings.Localhost => new LocalhostMembership(),
        _ => new SqliteMembership(cluster),
    };
}
