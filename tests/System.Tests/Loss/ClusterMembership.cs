namespace Shortline.System.Tests.Loss;

/// <summary>Where the clusters of these tests have their membership: in a PostgreSQL.</summary>
public sealed class ClusterMembership : IAsyncLifetime
{
    private PostgresServer? _postgres;

    public async Task InitializeAsync() => _postgres = await PostgresServer.Start();

    public async Task DisposeAsync()
    {
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    /// <summary>The connection string of an empty database, or null if none is needed.</summary>
    internal async Task<string?> NewDatabase() => _postgres is null ? null : await _postgres.NewDatabase();
}
