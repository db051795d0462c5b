namespace Shortline.System.Tests.Processes;

/// <summary>One Redis server for all tests of a class. The cluster of each test has an id of its own.</summary>
public sealed class RunningRedis : IAsyncLifetime
{
    internal RedisServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RedisServer.Start();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
