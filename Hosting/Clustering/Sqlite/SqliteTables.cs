namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>
/// The tables in the SQLite file of a cluster. Orleans knows only <c>OrleansQuery</c> and its two columns; the statements in it name all
/// other tables.
/// </summary>
internal static class SqliteTables
{
    /// <summary>The version of tables and statements. The file stores it as <c>user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>
    /// Every change of members increments the version of the list. Triggers do this, because SQLite has no common table expressions that
    /// write. Heartbeats change only <c>alive_time</c> and not the version, because no silo decides anything by them.
    /// </summary>
    public const string Create =
        """
        CREATE TABLE IF NOT EXISTS OrleansQuery
        (
            QueryKey TEXT PRIMARY KEY NOT NULL,
            QueryText TEXT NOT NULL
        ) STRICT;

        CREATE TABLE IF NOT EXISTS shortline_cluster
        (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            version INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE IF NOT EXISTS shortline_silo
        (
            address TEXT NOT NULL,
            port INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            silo_name TEXT NOT NULL,
            host_name TEXT NOT NULL,
            status INTEGER NOT NULL,
            proxy_port INTEGER NOT NULL,
            suspect_times TEXT,
            start_time TEXT NOT NULL,
            alive_time TEXT NOT NULL,
            PRIMARY KEY (address, port, generation)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER IF NOT EXISTS shortline_silo_added AFTER INSERT ON shortline_silo
        BEGIN
            UPDATE shortline_cluster SET version = version + 1;
        END;

        CREATE TRIGGER IF NOT EXISTS shortline_silo_changed AFTER UPDATE OF status, suspect_times ON shortline_silo
        BEGIN
            UPDATE shortline_cluster SET version = version + 1;
        END;

        CREATE TABLE IF NOT EXISTS shortline_state
        (
            grain_type TEXT NOT NULL,
            key_high INTEGER NOT NULL,
            key_low INTEGER NOT NULL,
            key_text TEXT NOT NULL,
            payload BLOB,
            version INTEGER NOT NULL,
            PRIMARY KEY (grain_type, key_high, key_low, key_text)
        ) STRICT;

        CREATE TABLE IF NOT EXISTS shortline_check
        (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            checked TEXT NOT NULL
        ) STRICT;
        """;
}
