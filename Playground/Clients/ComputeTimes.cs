using System.Text;

namespace Shortline.Playground.Clients;

/// <summary>
/// Random service times for <c>compute</c>. Most are short and some are long (a hyperexponential distribution), as real work is, so that
/// queues form behind the long ones. They are drawn once with a fixed seed: every run has the same times in the same shuffled order.
/// </summary>
internal static class ComputeTimes
{
    private const int Short = 225;
    private const int Long = 26;
    private const double ShortMean = 0.012;
    private const double LongMean = 0.050;
    private const int Seed = 1;

    /// <summary>The mean: short enough for smooth queues, long enough to be visible.</summary>
    public static readonly TimeSpan Mean = TimeSpan.FromMilliseconds(16);

    /// <summary>
    /// A request for each of the times: <c>{"seconds":0.0163}</c>. Their number is prime, so that clients that send in turn do not each get
    /// the same few.
    /// </summary>
    public static IReadOnlyList<PlayRequest> Requests { get; } = [.. Draw().Select(ToRequest)];

    /// <summary>The times in seconds, shuffled.</summary>
    public static double[] Draw()
    {
        double[] seconds = [.. Slices(Short, ShortMean), .. Slices(Long, LongMean)];
        new Random(Seed).Shuffle(seconds);
        return seconds;
    }

    /// <summary>The middles of equally likely slices of the distribution, so that the mean is right even over few values.</summary>
    private static IEnumerable<double> Slices(int count, double mean) =>
        Enumerable.Range(0, count).Select(i => -mean * Math.Log(1 - ((i + 0.5) / count)));

    private static PlayRequest ToRequest(double seconds) =>
        new("compute", Encoding.UTF8.GetBytes($$"""{"seconds":{{seconds:0.0000}}}"""), $"compute {seconds:0.0000}");
}
