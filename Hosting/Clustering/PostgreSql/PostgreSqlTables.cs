namespace Shortline.Hosting.Clustering.PostgreSql;

/// <summary>
/// The tables of a cluster's database. Orleans knows only <c>OrleansQuery</c> and its two columns; all other tables are named by the
/// statements in it.
/// </summary>
internal static class PostgreSqlTables
{
    public static string[] Names { get; } =
        ["orleansquery", "shortline_cluster", "shortline_database", "shortline_silo", "shortline_state"];

    public const string Create =
        """
        CREATE TABLE IF NOT EXISTS shortline_database
        (
            version integer NOT NULL,
            one boolean PRIMARY KEY DEFAULT true CHECK (one)
        );

        CREATE TABLE IF NOT EXISTS OrleansQuery
        (
            QueryKey text PRIMARY KEY,
            QueryText text NOT NULL
        );

        -- One row for each cluster. A change of its list of silos must name the version that it has read.
        CREATE TABLE IF NOT EXISTS shortline_cluster
        (
            cluster_id text PRIMARY KEY,
            version integer NOT NULL
        );

        -- One row for each run of a silo.
        CREATE TABLE IF NOT EXISTS shortline_silo
        (
            cluster_id text NOT NULL,
            address text NOT NULL,
            port integer NOT NULL,
            generation integer NOT NULL,
            silo_name text NOT NULL,
            host_name text NOT NULL,
            status integer NOT NULL,
            proxy_port integer NOT NULL,
            suspect_times text,
            start_time timestamptz NOT NULL,
            alive_time timestamptz NOT NULL,
            PRIMARY KEY (cluster_id, address, port, generation)
        );

        -- One row for each grain with state.
        CREATE TABLE IF NOT EXISTS shortline_state
        (
            service_id text NOT NULL,
            grain_type text NOT NULL,
            key_high bigint NOT NULL,
            key_low bigint NOT NULL,
            key_text text NOT NULL,
            payload bytea,
            version integer NOT NULL,
            modified timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (service_id, grain_type, key_high, key_low, key_text)
        );
        """;
}
