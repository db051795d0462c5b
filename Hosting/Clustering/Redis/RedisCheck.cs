using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shortline.Hosting.Start;
using StackExchange.Redis;

namespace Shortline.Hosting.Clustering.Redis;

/// <summary>Checks Redis before any other part of the host starts, so that a fault of Redis is one message.</summary>
internal sealed partial class RedisCheck(RedisConnection connection, ILoggerFactory loggers) : IHostedLifecycleService
{
    private readonly ILogger _log = loggers.CreateLogger<RedisCheck>();

    /// <exception cref="StartFailedException">Redis cannot be used; the message says what to do.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = (await connection.Get()).GetDatabase();
            await database.PingAsync();
            await WarnIfDataMayBeLost(database);
        }
        catch (Exception failure) when (RedisFaults.Explain(failure) is { } explained)
        {
            throw new StartFailedException(explained, failure);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WarnIfDataMayBeLost(IDatabase database)
    {
        try
        {
            var durability = new RedisDurability(
                AppendOnly: await Read(database, "appendonly"), Save: await Read(database, "save"), EvictionPolicy: await Read(database, "maxmemory-policy"));
            if (durability.LosesDataOnRestart)
                NotPersistent(_log);
            if (durability.MayEvict)
                Evicts(_log, durability.EvictionPolicy!);
        }
        catch (RedisServerException refused)
        {
            // Managed services forbid CONFIG, and a user may lack the right to it. Neither says anything about persistence.
            NotAllowed(_log, refused.Message);
        }
    }

    // Sent as a plain command: the library's own method asks for allowAdmin in the connection string.
    private static async Task<string?> Read(IDatabase database, string name)
    {
        var reply = await database.ExecuteAsync("CONFIG", "GET", name);
        return reply.Length >= 2 ? (string?)reply[1] : null;
    }

    [LoggerMessage(1121, LogLevel.Warning,
        "Redis does not persist its data: appendonly is no and save is empty. When it restarts, the cluster loses its members and every silo ends. "
        + "Set appendonly yes (docs/cluster.md)")]
    private static partial void NotPersistent(ILogger log);

    [LoggerMessage(1122, LogLevel.Warning,
        "Redis may evict the members of the cluster when its memory is full: maxmemory-policy is {Policy}. Set it to noeviction (docs/cluster.md)")]
    private static partial void Evicts(ILogger log, string policy);

    [LoggerMessage(1123, LogLevel.Debug, "Whether Redis persists its data is not known: CONFIG GET is refused ({Reason})")]
    private static partial void NotAllowed(ILogger log, string reason);
}
