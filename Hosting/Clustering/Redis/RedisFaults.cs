using StackExchange.Redis;

namespace Shortline.Hosting.Clustering.Redis;

/// <summary>Turns the exceptions of the Redis library into one sentence for the user, without the connection string.</summary>
internal static class RedisFaults
{
    private const string Key = "cluster.connection_string";

    /// <summary>The sentence, or null if the exception does not come from Redis.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        RedisConnectionException refused when IsAuthentication(refused) =>
            $"Redis refuses the user or password of {Key}. Its keywords are user=… and password=….",
        RedisConnectionException { FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection or ConnectionFailureType.UnableToConnect } => Unreachable,
        RedisConnectionException other =>
            $"The connection to Redis ({Key}) failed: {other.FailureType}. The connection string needs ssl=true if the server uses TLS, and only then.",
        RedisTimeoutException => $"Redis ({Key}) accepts connections but does not answer in time.",
        RedisServerException answer => $"Redis ({Key}) refuses a command: {answer.Message}",
        _ => null,
    };

    private static string Unreachable => $"Redis cannot be reached at the address in {Key}. Is it running, and are host and port right?";

    // The failure type is that of the last attempt; the server's own words are in the message or further inside.
    private static bool IsAuthentication(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
                || cause.Message.Contains("WRONGPASS", StringComparison.Ordinal)
                || cause.Message.Contains("NOAUTH", StringComparison.Ordinal)
                || cause.Message.Contains("authentication failure", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
