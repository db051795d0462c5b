using System.Net.Sockets;
using Npgsql;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;

namespace Shortline.Hosting.Clustering.PostgreSql;

/// <summary>
/// The PostgreSQL database that has the members of a cluster: connections to it, the check at start, and one sentence for every fault.
/// No sentence contains the connection string.
/// </summary>
internal static class PostgreSqlDatabase
{
    /// <summary>Orleans' name of the PostgreSQL library.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>
    /// The version of the tables and statements that this program needs. <c>--prepare-database</c> stores it in the database.
    /// </summary>
    public const int Version = 1;

    /// <summary>The command that prepares the database.</summary>
    public const string HowToPrepare = "dotnet run --project Silo -- --prepare-database";

    private const string Key = "cluster.connection_string";

    /// <summary>
    /// Seconds for a connection or a command, where the connection string gives none: the time between two heartbeats. The library's own
    /// are 15 and 30.
    /// </summary>
    private const int TimeoutSeconds = 5;

    /// <summary>Makes the source of connections from the settings.</summary>
    /// <exception cref="StartFailedException">The library does not accept the connection string.</exception>
    public static NpgsqlDataSource SourceOf(ClusterSettings cluster) => TryMakeSource(cluster.ConnectionString) ?? throw new StartFailedException(
        $"{Key} is not a connection string of Npgsql, the library for PostgreSQL. An example: "
        + "Host=db;Port=5432;Database=shortline;Username=shortline;Password=…. All keywords: "
        + "https://www.npgsql.org/doc/connection-string-parameters.html.");

    /// <summary>Checks that the database can be reached and is prepared.</summary>
    /// <exception cref="StartFailedException">It is not; the message says what to do.</exception>
    public static async Task Check(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = source.CreateCommand("SELECT version FROM shortline_database");
            if (await command.ExecuteScalarAsync(cancellationToken) is not int version || version < Version)
                throw new StartFailedException($"The database of the cluster was prepared by an older Shortline. Bring it up to date: {HowToPrepare}");
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new StartFailedException($"The database of the cluster is not prepared. Prepare it once: {HowToPrepare}", failure);
        }
        catch (Exception failure) when (Explain(failure) is { } explained)
        {
            throw new StartFailedException(explained, failure);
        }
    }

    /// <summary>The sentence for an exception of the library; null if the exception does not come from the database.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        PostgresException refused => refused.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"The database refuses the user or password of {Key}: {refused.MessageText}.",
            PostgresErrorCodes.InvalidCatalogName => $"The server of {Key} has no such database: {refused.MessageText}. Create it first.",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"The user of {Key} may not do this: {refused.MessageText}. It needs CREATE on its schema to prepare the database, and the rights "
                + "of the tables' owner to use them.",
            _ => $"The database of {Key} answers: {refused.MessageText} ({refused.SqlState}).",
        },
        NpgsqlException { InnerException: SocketException unreachable } => Unreachable(unreachable.Message),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => Unreachable("it does not answer in time"),
        NpgsqlException other => $"The database of {Key} cannot be used: {other.Message}",
        SocketException unreachable => Unreachable(unreachable.Message),
        _ => null,
    };

    private static string Unreachable(string reason) =>
        $"The database of {Key} cannot be reached: {reason}. Is it running, and are host and port right?";

    // The library's exceptions quote what they reject, which may be the password, so none of them is passed on.
    private static NpgsqlDataSource? TryMakeSource(string connectionString)
    {
        try
        {
            var (given, otherwise) = (new NpgsqlConnectionStringBuilder(connectionString), new NpgsqlConnectionStringBuilder());
            given.Timeout = given.Timeout == otherwise.Timeout ? TimeoutSeconds : given.Timeout;
            given.CommandTimeout = given.CommandTimeout == otherwise.CommandTimeout ? TimeoutSeconds : given.CommandTimeout;
            given.ApplicationName ??= "shortline";
            given.PersistSecurityInfo = false;
            return NpgsqlDataSource.Create(given);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
