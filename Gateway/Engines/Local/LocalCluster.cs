namespace Shortline.Gateway;

/// <summary>What the local engine does not have.</summary>
internal static class LocalCluster
{
    /// <exception cref="StartFailedException">The settings want it.</exception>
    public static void Check(ClusterSettings cluster)
    {
        if (cluster.Membership == ClusterSettings.PostgreSql)
        {
            throw new StartFailedException(
                $"cluster.membership = {ClusterSettings.PostgreSql} needs Orleans, and this program was built with the local engine, whose silos are "
                + "on one machine. Build it with Orleans: dotnet run --project Silo -p:Engine=Orleans (docs/engines.md).");
        }
    }
}
