using System.Data.Common;
using Microsoft.Data.Sqlite;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>The SQLite file of a cluster. Turns every error of the file into one message that says what to do.</summary>
internal sealed class ClusterDatabase
{
    // From sqlite.org/rescode.html.
    private const int ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    private ClusterDatabase(ClusterFolder folder)
    {
        Folder = folder;
        Source = new SqliteDataSource(folder.Database);
    }

    public ClusterFolder Folder { get; }

    /// <summary>The source of connections for Orleans' providers.</summary>
    public DbDataSource Source { get; }

    /// <summary>
    /// Opens the file, and creates it and its tables if they are missing. Several processes may call this at the same time.
    /// </summary>
    /// <exception cref="StartFailedException">The file cannot be used; the message says why and what to do.</exception>
    public static ClusterDatabase Open(ClusterFolder folder)
    {
        try
        {
            Prepare(folder);
            return new ClusterDatabase(folder);
        }
        catch (SqliteException failure)
        {
            throw new StartFailedException(Explain(folder, failure), failure);
        }
    }

    /// <summary>Returns the highest generation of all silos that have used a port; 0 if there was none.</summary>
    public int HighestGeneration(int port) =>
        (int)Number("SELECT coalesce(max(generation), 0) FROM shortline_silo WHERE port = @port", ("@port", port));

    /// <summary>Whether the list of members contains this run of a silo, alive or dead.</summary>
    public bool Knows(SiloRun silo)
    {
        using var connection = (SqliteConnection)Source.OpenConnection();
        return Knows(connection, silo);
    }

    /// <summary>Marks a silo whose process has ended as dead.</summary>
    public void MarkDead(SiloRun silo) => Number(
        $"UPDATE shortline_silo SET status = {SqliteStatements.Dead} WHERE port = @port AND generation = @generation AND status <> {SqliteStatements.Dead}; SELECT 0",
        ("@port", silo.Port),
        ("@generation", silo.Generation));

    /// <summary>Checks over a new connection that the file can be written and still contains this silo.</summary>
    /// <returns>The message about what is wrong; null if nothing is.</returns>
    public string? Check(SiloRun self, DateTimeOffset now)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(Source.ConnectionString) { Pooling = false }.ConnectionString);
            connection.Open();
            Execute(connection, "INSERT INTO shortline_check VALUES (1, @now) ON CONFLICT (one) DO UPDATE SET checked = @now", null, ("@now", $"{now:O}"));
            return Knows(connection, self) ? null : ReplacedUnder(self);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == CannotOpen && !File.Exists(Folder.Database))
        {
            return ReplacedUnder(self);
        }
        catch (Exception failure) when (Explain(failure) is { } explained)
        {
            return explained;
        }
    }

    /// <summary>Returns the message for a file that does not contain a running silo.</summary>
    public string ReplacedUnder(SiloRun silo) =>
        $"The cluster's file {Folder.Database} was removed or replaced while silos run: the silo on port {silo.Port} is not in it. End all silos of "
        + $"cluster {Folder.ClusterId}, then start them again.";

    /// <summary>Returns the message for an exception; null if it concerns neither the file nor its folder.</summary>
    public string? Explain(Exception failure) => failure switch
    {
        SqliteException ofFile => Explain(Folder, ofFile),
        IOException or UnauthorizedAccessException => Folder.Explain(failure.Message),
        _ => null,
    };

    private static void Prepare(ClusterFolder folder)
    {
        // This connection may create the file, which the providers' connections must not, so it is not pooled.
        var connectionString = new SqliteConnectionStringBuilder { DataSource = folder.Database, DefaultTimeout = 5, Pooling = false }.ConnectionString;
        using var connection = new SqliteConnection(connectionString);
        connection.Open();

        // With a write-ahead log readers and one writer do not wait for each other. The file keeps this mode.
        Execute(connection, "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL;");
        if (Number(connection, "PRAGMA user_version") is var version and > SqliteTables.Version)
        {
            throw new StartFailedException(
                $"The cluster's file {folder.Database} was made by a newer Shortline (version {version}, this one has {SqliteTables.Version}). Start the newer one, or "
                + "choose another folder: cluster.folder.");
        }

        if (Text(connection, "PRAGMA quick_check(1)") is var found and not "ok")
            throw new SqliteException(found, Corrupt);

        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, SqliteTables.Create, transaction);
        foreach (var (key, text) in SqliteStatements.All)
        {
            Execute(
                connection,
                "INSERT INTO OrleansQuery VALUES (@key, @text) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText WHERE QueryText <> excluded.QueryText",
                transaction,
                ("@key", key),
                ("@text", text));
        }

        // This write also proves that the folder can be written, which SQLite does not check before.
        Execute(connection, $"PRAGMA user_version = {SqliteTables.Version}", transaction);
        transaction.Commit();
    }

    private static string Explain(ClusterFolder folder, SqliteException failure) => failure.SqliteErrorCode switch
    {
        _ when folder.IsFull || failure.SqliteErrorCode == Full =>
            $"The disk of the cluster's file {folder.Database} is full. Free some space, or choose a folder on another disk: cluster.folder.",
        Corrupt or NotADatabase =>
            $"The cluster's file {folder.Database} is damaged. It holds the list of running silos and the size of the fleet, nothing else: end all silos of "
            + $"cluster {folder.ClusterId}, remove the folder {folder.Path}, and start again.",
        ReadOnly or CannotOpen or InputOutput => folder.Explain(failure.Message),
        _ => $"The cluster's file {folder.Database} cannot be used: {failure.Message}",
    };

    private static bool Knows(SqliteConnection connection, SiloRun silo) => Number(
        connection,
        "SELECT count(*) FROM shortline_silo WHERE port = @port AND generation = @generation",
        ("@port", silo.Port),
        ("@generation", silo.Generation)) > 0;

    private long Number(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var connection = (SqliteConnection)Source.OpenConnection();
        return Number(connection, sql, parameters);
    }

    private static long Number(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, null, parameters);
        return Convert.ToInt64(command.ExecuteScalar(), null);
    }

    private static string? Text(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql, null, []);
        return command.ExecuteScalar() as string;
    }

    private static void Execute(
        SqliteConnection connection, string sql, SqliteTransaction? transaction = null, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, transaction, parameters);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(
        SqliteConnection connection, string sql, SqliteTransaction? transaction, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = new SqliteCommand(sql, connection, transaction);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
