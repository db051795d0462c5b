using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>Opens connections to the SQLite file of a cluster, with the settings that SQLite keeps per connection.</summary>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    // A write takes microseconds, so a lock that is held for a second means that a process was paused while it wrote.
    // NORMAL does not wait for the disk at each commit. A power cut may lose the last commits, but it ends all silos as well.
    private const string Pragmas = "PRAGMA busy_timeout = 1000; PRAGMA synchronous = NORMAL;";

    // The file must exist. If it were created again while silos run, the next silo would form a second cluster.
    public override string ConnectionString { get; } =
        new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 5 }.ConnectionString;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection() => Prepared((SqliteConnection)CreateDbConnection());

    /// <summary>Opens on the thread pool, because the library's asynchronous methods block and the caller may be a grain.</summary>
    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) =>
        await Task.Run(OpenDbConnection, cancellationToken).ConfigureAwait(false);

    private static SqliteConnection Prepared(SqliteConnection connection)
    {
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
