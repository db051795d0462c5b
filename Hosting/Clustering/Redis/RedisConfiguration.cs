using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;
using StackExchange.Redis;

namespace Shortline.Hosting.Clustering.Redis;

/// <summary>How a process connects to Redis: the connection string of the settings, with limits that suit a cluster.</summary>
internal static class RedisConfiguration
{
    private const string Key = "cluster.connection_string";

    /// <summary>
    /// Milliseconds for a connection or a command, where the connection string gives none; the library's own is 5000. A heartbeat is
    /// written every five seconds, so two attempts fit between two heartbeats.
    /// </summary>
    private const int TimeoutMs = 2000;

    /// <summary>
    /// Seconds without traffic after which the library sends a ping, where the connection string gives none; the library's own is 60.
    /// A machine that loses its power closes no connection, and the ping is what notices.
    /// </summary>
    private const int KeepAliveSeconds = 5;

    /// <summary>Milliseconds between two attempts to connect again. The library's own grow to a minute, long after Redis is back.</summary>
    private const int ReconnectIntervalMs = 500;

    /// <summary>Reads the connection string.</summary>
    /// <exception cref="StartFailedException">The library does not accept it. The message does not quote it.</exception>
    public static ConfigurationOptions Of(ClusterSettings cluster) => TryParse(cluster.ConnectionString) ?? throw new StartFailedException(
        $"{Key} is not a connection string of StackExchange.Redis, the library for Redis. An example: 127.0.0.1:6379,user=shortline,password=…,ssl=true. "
        + "All options: https://stackexchange.github.io/StackExchange.Redis/Configuration.");

    // The library's exceptions quote what they reject, which may be the password, so none of them is passed on.
    private static ConfigurationOptions? TryParse(string connectionString)
    {
        try
        {
            var (given, standard) = (ConfigurationOptions.Parse(connectionString), new ConfigurationOptions());
            if (given.EndPoints.Count == 0)
                return null;
            given.ConnectTimeout = given.ConnectTimeout == standard.ConnectTimeout ? TimeoutMs : given.ConnectTimeout;
            given.AsyncTimeout = given.AsyncTimeout == standard.AsyncTimeout ? TimeoutMs : given.AsyncTimeout;
            given.SyncTimeout = given.SyncTimeout == standard.SyncTimeout ? TimeoutMs : given.SyncTimeout;
            given.KeepAlive = given.KeepAlive == standard.KeepAlive ? KeepAliveSeconds : given.KeepAlive;
            given.ReconnectRetryPolicy = new LinearRetry(ReconnectIntervalMs);
            given.ClientName ??= "shortline";

            // The first connection fails or succeeds, and the check reports which. The library reconnects later connections in any case.
            given.AbortOnConnectFail = true;
            given.IncludeDetailInExceptions = false;
            return given;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
