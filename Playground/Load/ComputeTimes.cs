using System.Globalization;
using System.Text;

namespace Shortline.Playground;

/// <summary>
/// Random service times for <c>compute</c>: exponential, as in the textbooks, so that some requests take long and queues form behind
/// them. Drawn once: the same times in every run, in an order without pattern.
/// </summary>
internal static class ComputeTimes
{
    /// <summary>The mean of <see cref="Payloads"/>: short enough for smooth queues, long enough to be seen.</summary>
    public static readonly TimeSpan Mean = TimeSpan.FromMilliseconds(16);

    private const int Count = 257; // a prime, so that clients that take turns do not each get the same few
    private const int Seed = 1;

    /// <summary>One request's payload each: <c>{"seconds":0.0163}</c>.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Payloads { get; } = [.. Draw().Select(ToPayload)];

    /// <summary>The middle of each of equally likely slices of the distribution, shuffled: the mean is right even over few.</summary>
    public static double[] Draw()
    {
        var seconds = Enumerable.Range(0, Count).Select(i => -Mean.TotalSeconds * Math.Log(1 - ((i + 0.5) / Count))).ToArray();
        new Random(Seed).Shuffle(seconds);
        return seconds;
    }

    private static ReadOnlyMemory<byte> ToPayload(double seconds) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"seconds":{{seconds:0.0000}}}"""));
}
