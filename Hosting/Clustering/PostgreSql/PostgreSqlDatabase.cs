using System.Net.Sockets;
using Npgsql;

namespace Shortline.Hosting;

/// <summary>
/// The PostgreSQL database where the members of a cluster are written. Everything that can be wrong with it is told in one sentence, in
/// which the connection string is not.
/// </summary>
internal static class PostgreSqlDatabase
{
    /// <summary>What Orleans calls the library that it reaches PostgreSQL with.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The version of the tables and statements that this program works with; <c>--prepare-database</c> writes it down.</summary>
    public const int Version = 1;

    /// <summary>How to prepare it.</summary>
    public const string HowToPrepare = "dotnet run --project Silo -- --prepare-database";

    private const string Key = "cluster.connection_string";

    /// <summary>
    /// Seconds, where the connection string does not say: a silo that cannot reach the database for that long had better know. The
    /// library's own are 15 and 30.
    /// </summary>
    private const int Patience = 5;

    /// <summary>The connections that a cluster's settings give.</summary>
    /// <exception cref="StartFailedException">The library does not take the connection string.</exception>
    public static NpgsqlDataSource SourceOf(ClusterSettings cluster) => TryMakeSource(cluster.ConnectionString) ?? throw new StartFailedException(
        $"{Key} cannot be used: it is no connection string of Npgsql, the library for PostgreSQL. One looks like this: "
        + "Host=db;Port=5432;Database=shortline;Username=shortline;Password=…. Its words are those of "
        + "https://www.npgsql.org/doc/connection-string-parameters.html.");

    /// <summary>Makes sure, before anything starts, that the database is there and prepared.</summary>
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

    /// <summary>What is wrong, for people; null if it is not the database.</summary>
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

    // What the library says about what it does not understand quotes it, so that nothing of it is passed on.
    private static NpgsqlDataSource? TryMakeSource(string connectionString)
    {
        try
        {
            var (given, otherwise) = (new NpgsqlConnectionStringBuilder(connectionString), new NpgsqlConnectionStringBuilder());
            given.Timeout = given.Timeout == otherwise.Timeout ? Patience : given.Timeout;
            given.CommandTimeout = given.CommandTimeout == otherwise.CommandTimeout ? Patience : given.CommandTimeout;
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
