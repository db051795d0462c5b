namespace Shortline.System.Tests.Processes;

/// <summary>One PostgreSQL server for all tests of a class. Each test has a database of its own.</summary>
public sealed class RunningPostgres : IAsyncLifetime
{
    internal PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.Start();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
