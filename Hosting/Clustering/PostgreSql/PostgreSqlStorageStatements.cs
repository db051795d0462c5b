namespace Shortline.Hosting.Clustering.PostgreSql;

/// <summary>
/// The statements of Orleans' grain storage. <c>Microsoft.Orleans.Persistence.AdoNet</c> 10.4.2 sets the names of keys, parameters and
/// result columns. A write must name the latest version; it returns no row if the version is another.
/// </summary>
internal static class PostgreSqlStorageStatements
{
    /// <summary>Orleans also passes hashes of the key. They are not used, because the whole key is indexed.</summary>
    private const string Grain =
        """
        service_id = @ServiceId AND grain_type = @GrainTypeString AND key_high = @GrainIdN0 AND key_low = @GrainIdN1
            AND key_text = coalesce(@GrainIdExtensionString, '')
        """;

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ReadFromStorageKey"] = $"SELECT payload AS PayloadBinary, version AS Version FROM shortline_state WHERE {Grain}",
        ["WriteToStorageKey"] =
            $"""
            WITH changed AS
            (
                UPDATE shortline_state SET payload = @PayloadBinary, version = version + 1, modified = now()
                WHERE {Grain} AND version = @GrainStateVersion
                RETURNING version
            ),
            made AS
            (
                INSERT INTO shortline_state (service_id, grain_type, key_high, key_low, key_text, payload, version)
                SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @PayloadBinary, 1
                WHERE @GrainStateVersion IS NULL
                ON CONFLICT DO NOTHING
                RETURNING version
            )
            SELECT version AS NewGrainStateVersion FROM changed UNION ALL SELECT version FROM made
            """,
        ["ClearStorageKey"] =
            $"""
            UPDATE shortline_state SET payload = NULL, version = version + 1, modified = now()
            WHERE {Grain} AND version = @GrainStateVersion
            RETURNING version
            """,

        // Returns the version that the row would have had next.
        ["DeleteStorageKey"] = $"DELETE FROM shortline_state WHERE {Grain} AND version = @GrainStateVersion RETURNING version + 1",
    };
}
