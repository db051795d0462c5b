namespace Shortline.Hosting;

/// <summary>Chooses the membership that the settings name.</summary>
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
