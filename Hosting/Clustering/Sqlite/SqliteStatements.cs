namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>
/// The statements that Orleans' AdoNet providers 10.4.2 read by key. The providers set the names of keys, parameters and result columns.
/// The file belongs to one cluster, so the statements do not use cluster and service ids. Each writing statement is atomic and opens no
/// transaction, because the pooled connection would keep the transaction after an error.
/// </summary>
internal static class SqliteStatements
{
    /// <summary>SiloStatus.Dead.</summary>
    public const int Dead = 6;

    private const string Silo = "address = @Address AND port = @Port AND generation = @Generation";

    /// <summary>Whether the writer has read the latest version of the list of members. Only then may it change a member.</summary>
    private const string IsLatest = "EXISTS (SELECT 1 FROM shortline_cluster WHERE version = @Version)";

    /// <summary>Whether the preceding statement changed a row. Changes by triggers do not count.</summary>
    private const string Changed = "SELECT changes() = 1";

    private const string Members =
        """
        SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
            s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
            s.start_time AS StartTime, s.alive_time AS IAmAliveTime
        FROM shortline_cluster c LEFT JOIN shortline_silo s
        """;

    private const string Grain =
        """
        grain_type = @GrainTypeString AND key_high = @GrainIdN0 AND key_low = @GrainIdN1 AND key_text = coalesce(@GrainIdExtensionString, '')
        """;

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GatewaysQueryKey"] =
            """
            SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM shortline_silo
            WHERE status = @Status AND proxy_port > 0
            """,

        // Returns the version even if there is no such silo.
        ["MembershipReadRowKey"] = $"{Members} ON s.address = @Address AND s.port = @Port AND s.generation = @Generation",
        ["MembershipReadAllKey"] = $"{Members} ON true",
        ["InsertMembershipVersionKey"] = $"INSERT INTO shortline_cluster (one, version) VALUES (1, 0) ON CONFLICT DO NOTHING; {Changed}",
        ["InsertMembershipKey"] =
            $"""
            INSERT INTO shortline_silo
                (address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
            SELECT @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
            WHERE {IsLatest}
            ON CONFLICT DO NOTHING;
            {Changed}
            """,
        ["UpdateMembershipKey"] =
            $"""
            UPDATE shortline_silo SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
            WHERE {Silo} AND {IsLatest};
            {Changed}
            """,
        ["UpdateIAmAlivetimeKey"] = $"UPDATE shortline_silo SET alive_time = @IAmAliveTime WHERE {Silo}",
        ["DeleteMembershipTableEntriesKey"] = "DELETE FROM shortline_silo; DELETE FROM shortline_cluster",
        ["CleanupDefunctSiloEntriesKey"] =
            $"DELETE FROM shortline_silo WHERE status = {Dead} AND start_time < @IAmAliveTime AND alive_time < @IAmAliveTime",

        ["ReadFromStorageKey"] = $"SELECT payload AS PayloadBinary, version AS Version FROM shortline_state WHERE {Grain}",

        // A writer without a version has read no row, so it may only insert. One of the two statements returns the new version.
        ["WriteToStorageKey"] =
            $"""
            UPDATE shortline_state SET payload = @PayloadBinary, version = version + 1
            WHERE {Grain} AND version = @GrainStateVersion
            RETURNING version AS NewGrainStateVersion;

            INSERT INTO shortline_state (grain_type, key_high, key_low, key_text, payload, version)
            SELECT @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @PayloadBinary, 1
            WHERE @GrainStateVersion IS NULL
            ON CONFLICT DO NOTHING
            RETURNING version AS NewGrainStateVersion
            """,
        ["ClearStorageKey"] =
            $"""
            UPDATE shortline_state SET payload = NULL, version = version + 1
            WHERE {Grain} AND version = @GrainStateVersion
            RETURNING version
            """,
    };
}
