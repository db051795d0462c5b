namespace Shortline.System.Tests.Processes;

/// <summary>One Redis for the tests of a class. Their clusters have ids of their own.</summary>
public sealed class RunningRedis : IAsyncLifetime
{
    internal RedisServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RedisServer.Start();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
