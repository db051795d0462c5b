using Shortline.Hosting.Settings.Sections;

namespace Shortline.Playground.Command;

/// <summary>Draws weights and formats them.</summary>
internal static class WeightText
{
    private const int Most = 16;

    /// <summary>
    /// Draws a weight for each server that the fleet may have, before the servers start, so that the weights can be shown.
    /// </summary>
    public static ServerWeights Draw(int servers, Random random)
    {
        var chance = random.NextInt64();
        return ServerWeights.List([.. Enumerable.Range(0, servers).Select(number => ServerWeights.Drawn.Of(number, chance))]);
    }

    /// <summary>The weights of the first servers: <c>3, 9, 1, 5</c>; null if all are equal.</summary>
    public static string? Of(ServerWeights weights, int servers) =>
        weights.Equals(ServerWeights.Equal) ? null
        : weights.Equals(ServerWeights.Drawn) ? "drawn from 1 to 9"
        : string.Join(", ", Enumerable.Range(0, Math.Min(Most, servers)).Select(number => weights.Of(number, 0))) + (servers > Most ? " ..." : "");
}
