using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Shortline.Hosting.Clustering.Sqlite;

/// <summary>Opens connections to the SQLite file of a cluster, each with the settings that SQLite keeps per connection.</summary>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    // Writes take microseconds, so a second of waiting means that a process was stopped while it wrote.
    // NORMAL does not wait for the disk at each commit: a power cut may lose the last ones, but then all silos are gone as well.
    private const string Pragmas = "PRAGMA busy_timeout = 1000; PRAGMA synchronous = NORMAL;";

    // The file must be there: were it made anew while silos run, the next silo would begin a second cluster.
    public override string ConnectionString { get; } =
        new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 5 }.ConnectionString;

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection() => Prepared((SqliteConnection)CreateDbConnection());

    /// <summary>Leaves the caller's thread, which may run a grain: the library's asynchronous methods block.</summary>
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
