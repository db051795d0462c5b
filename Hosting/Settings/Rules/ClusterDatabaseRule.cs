namespace Shortline.Hosting;

/// <summary>What each kind of membership needs: a server, or nothing but this machine.</summary>
internal sealed class ClusterDatabaseRule : ISettingsRule
{
    private const string Membership = "cluster.membership";

    public void Check(SettingsDraft draft)
    {
        var cluster = draft.Settings.Cluster;
        if (cluster.Membership is ClusterSettings.PostgreSql or ClusterSettings.Redis)
        {
            if (cluster.ConnectionString.Length == 0 && !draft.IsWrong("cluster.connection_string"))
                draft.Contradiction("cluster.connection_string", Membership, $"needed with {Membership} {cluster.Membership}");
        }
        else if (cluster.Address != new ClusterSettings().Address && !draft.IsWrong(Membership))
        {
            draft.Contradiction(
                "cluster.address",
                Membership,
                $"127.0.0.1, because silos of other machines are found only with {Membership} {ClusterSettings.PostgreSql} or {ClusterSettings.Redis}");
        }
    }
}
