using Npgsql;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Clustering.PostgreSql;

/// <summary>
/// Creates what Orleans' providers for membership and storage need in PostgreSQL: tables, and the statements that the providers read from
/// the table <c>OrleansQuery</c>. It runs in one transaction under a lock, so it happens completely or not at all, and never twice at the
/// same time.
/// </summary>
internal static class PostgreSqlPreparation
{
    /// <summary>The number of the lock that a preparation holds in the database. Any number is good; this one reads "shortlin".</summary>
    private const long LockKey = 0x73686f72746c696e;

    /// <summary>Prepares the database and writes what it changed.</summary>
    /// <exception cref="StartFailedException">The database cannot be prepared; nothing is changed.</exception>
    public static async Task Run(NpgsqlDataSource source, TextWriter output, CancellationToken stop)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await Execute(connection, $"SELECT pg_advisory_xact_lock({LockKey})", stop);
            await RefuseForeign(connection, stop);
            var before = await Tables(connection, stop);
            await Execute(connection, PostgreSqlTables.Create, stop);
            var statements = await WriteStatements(connection, stop);
            await Execute(connection, $"INSERT INTO shortline_database VALUES ({PostgreSqlDatabase.Version}) ON CONFLICT (one) DO UPDATE SET version = excluded.version", stop);
            await RefuseIncomplete(connection, stop);
            var made = (await Tables(connection, stop)).Except(before, StringComparer.Ordinal).ToList();
            await transaction.CommitAsync(stop);
            await output.WriteLineAsync(Summary(connection, made, statements));
        }
        catch (Exception failure) when (PostgreSqlDatabase.Explain(failure) is { } explained)
        {
            throw new StartFailedException(explained, failure);
        }
    }

    private static string Summary(NpgsqlConnection connection, List<string> made, int statements) => made.Count == 0 && statements == 0
        ? $"Database {connection.Database} on {connection.Host} was prepared already: nothing to do."
        : $"Database {connection.Database} on {connection.Host} is prepared: "
            + $"{(made.Count == 0 ? "no table" : $"tables {string.Join(", ", made)}")} made, {statements} statements written.";

    // Another Orleans application has statements of the same names, for its own tables.
    private static async Task RefuseForeign(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(
            "SELECT to_regclass('orleansquery') IS NOT NULL AND to_regclass('shortline_database') IS NULL", connection);
        if (await command.ExecuteScalarAsync(stop) is true)
        {
            throw new StartFailedException(
                $"Database {connection.Database} is another Orleans application's: it has a table OrleansQuery that is not Shortline's. Use a database, or "
                + "a schema (Search Path=… in the connection string), of its own.");
        }
    }

    // Orleans would refuse to start with such a database, so the preparation refuses to write it.
    private static async Task RefuseIncomplete(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("SELECT key FROM unnest(@keys) key WHERE key NOT IN (SELECT QueryKey FROM OrleansQuery) ORDER BY key", connection);
        command.Parameters.AddWithValue("keys", OrleansStatementKeys.OfMembership().Concat(OrleansStatementKeys.OfStorage()).ToArray());
        List<string> missing = [];
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            missing.Add(reader.GetString(0));
        if (missing.Count > 0)
        {
            throw new StartFailedException(
                $"The database is not prepared: this version of Orleans wants statements that this Shortline does not have ({string.Join(", ", missing)}). "
                + "This is a fault of the program, please report it.");
        }
    }

    private static async Task<List<string>> Tables(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("SELECT name FROM unnest(@names) name WHERE to_regclass(name) IS NOT NULL ORDER BY name", connection);
        command.Parameters.AddWithValue("names", PostgreSqlTables.Names);
        List<string> names = [];
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<int> WriteStatements(NpgsqlConnection connection, CancellationToken stop)
    {
        var written = 0;
        foreach (var (key, text) in PostgreSqlMembershipStatements.All.Concat(PostgreSqlStorageStatements.All))
        {
            await using var command = new NpgsqlCommand(
                """
                INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES (@key, @text)
                ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText WHERE OrleansQuery.QueryText <> excluded.QueryText
                """,
                connection);
            command.Parameters.AddWithValue("key", key);
            command.Parameters.AddWithValue("text", text);
            written += await command.ExecuteNonQueryAsync(stop);
        }

        return written;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }
}
