namespace Shortline.Hosting;

/// <summary>
/// The tables of a cluster's database. Only <c>OrleansQuery</c>, with its two columns, is known to Orleans by name; the others are known
/// to the statements in it alone.
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

        -- A row a cluster: who changes its list of silos must have read the latest one.
        CREATE TABLE IF NOT EXISTS shortline_cluster
        (
            cluster_id text PRIMARY KEY,
            version integer NOT NULL
        );

        -- A row a run of a silo.
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

        -- A row a grain that keeps something.
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
