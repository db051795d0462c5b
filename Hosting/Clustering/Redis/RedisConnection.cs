using StackExchange.Redis;

namespace Shortline.Hosting.Clustering.Redis;

/// <summary>The one connection of a process to Redis: membership, grain storage and the check at start share it.</summary>
internal sealed class RedisConnection(ConfigurationOptions options) : IAsyncDisposable, IDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private ConnectionMultiplexer? _multiplexer;

    /// <summary>Connects at the first call. A failure is not kept: the next call tries again.</summary>
    /// <exception cref="RedisConnectionException">Redis cannot be reached, or refuses the user or password.</exception>
    public async Task<IConnectionMultiplexer> Get()
    {
        if (_multiplexer is { } connected)
            return connected;
        await _connecting.WaitAsync();
        try
        {
            return _multiplexer ??= await ConnectionMultiplexer.ConnectAsync(options);
        }
        finally
        {
            _connecting.Release();
        }
    }

    public void Dispose()
    {
        _multiplexer?.Dispose();
        _connecting.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is { } connected)
            await connected.DisposeAsync();
        _connecting.Dispose();
    }
}
