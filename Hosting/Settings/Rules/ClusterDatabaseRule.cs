namespace Shortline.Hosting;

/// <summary>What the two kinds of membership need: a database, or nothing but this machine.</summary>
internal sealed class ClusterDatabaseRule : ISettingsRule
{
    private const string Membership = "cluster.membership";

    public void Check(SettingsDraft draft)
    {
        var cluster = draft.Settings.Cluster;
        if (cluster.Membership == ClusterSettings.PostgreSql)
        {
            if (cluster.ConnectionString.Length == 0 && !draft.IsWrong("cluster.connection_string"))
                draft.Contradiction("cluster.connection_string", Membership, $"needed with {Membership} {ClusterSettings.PostgreSql}");
        }
        else if (cluster.Address != new ClusterSettings().Address && !draft.IsWrong(Membership))
        {
            draft.Contradiction(
                "cluster.address",
                Membership,
                $"127.0.0.1, because silos of other machines are found with {Membership} {ClusterSettings.PostgreSql} alone");
        }
    }
}
