namespace Shortline.Hosting.Clustering.PostgreSql;

/// <summary>
/// The statements of Orleans' membership. <c>Microsoft.Orleans.Clustering.AdoNet</c> 10.4.2 sets the names of keys, parameters and result
/// columns. A change of the list of silos takes effect only together with the next version of the whole list.
/// </summary>
internal static class PostgreSqlMembershipStatements
{
    private const string Silo = "cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation";

    private const string ReadColumns =
        """
        SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
            s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
            s.start_time AS StartTime, s.alive_time AS IAmAliveTime
        FROM shortline_cluster c LEFT JOIN shortline_silo s ON s.cluster_id = c.cluster_id
        """;

    /// <summary>SiloStatus.Dead.</summary>
    private const string Dead = "6";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GatewaysQueryKey"] =
            """
            SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM shortline_silo
            WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0
            """,

        // Returns the version even if there is no such silo.
        ["MembershipReadRowKey"] =
            $"{ReadColumns} AND s.address = @Address AND s.port = @Port AND s.generation = @Generation WHERE c.cluster_id = @DeploymentId",
        ["MembershipReadAllKey"] =
            $"{ReadColumns} WHERE c.cluster_id = @DeploymentId",

        // These three return one row in any case: whether they changed anything.
        ["InsertMembershipVersionKey"] =
            """
            WITH made AS (INSERT INTO shortline_cluster (cluster_id, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
            SELECT count(*) = 1 FROM made
            """,
        ["InsertMembershipKey"] =
            $"""
            WITH next AS
            (
                UPDATE shortline_cluster SET version = version + 1
                WHERE cluster_id = @DeploymentId AND version = @Version AND NOT EXISTS (SELECT FROM shortline_silo WHERE {Silo})
                RETURNING cluster_id
            ),
            made AS
            (
                INSERT INTO shortline_silo
                    (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
                SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
                FROM next
                RETURNING 1
            )
            SELECT count(*) = 1 FROM made
            """,
        ["UpdateMembershipKey"] =
            $"""
            WITH next AS
            (
                UPDATE shortline_cluster SET version = version + 1
                WHERE cluster_id = @DeploymentId AND version = @Version AND EXISTS (SELECT FROM shortline_silo WHERE {Silo})
                RETURNING cluster_id
            ),
            changed AS
            (
                UPDATE shortline_silo SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
                WHERE {Silo} AND EXISTS (SELECT FROM next)
                RETURNING 1
            )
            SELECT count(*) = 1 FROM changed
            """,

        // A heartbeat leaves the version as it is, because no silo decides anything by it.
        ["UpdateIAmAlivetimeKey"] = $"UPDATE shortline_silo SET alive_time = @IAmAliveTime WHERE {Silo}",

        ["DeleteMembershipTableEntriesKey"] =
            """
            WITH silos AS (DELETE FROM shortline_silo WHERE cluster_id = @DeploymentId)
            DELETE FROM shortline_cluster WHERE cluster_id = @DeploymentId
            """,
        ["CleanupDefunctSiloEntriesKey"] =
            $"DELETE FROM shortline_silo WHERE cluster_id = @DeploymentId AND status = {Dead} AND start_time < @IAmAliveTime AND alive_time < @IAmAliveTime",

        // Deletes one entry, if it is still as it was read.
        ["CleanupDefunctSiloEntryKey"] =
            $"""
            DELETE FROM shortline_silo WHERE {Silo} AND status = {Dead} AND start_time = @StartTime AND alive_time = @IAmAliveTime
                AND coalesce(suspect_times, '') = coalesce(@SuspectTimes, '')
            """,
    };
}
