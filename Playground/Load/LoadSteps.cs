namespace Shortline.Playground;

/// <summary>How much load there is at first, and what more and less of it is.</summary>
internal static class LoadSteps
{
    /// <summary>Share of their time that the first servers are busy: queues form, and the fleet is content with its size.</summary>
    private const double Utilisation = 0.75;

    private const double Step = 1.25;
    private const double Least = 1;
    private const double Most = 100_000;

    /// <summary>Requests a second that keep <paramref name="workers"/> workers busy for three quarters of their time with <c>compute</c>.</summary>
    public static double First(int workers) => Utilisation * workers / ComputeTimes.Mean.TotalSeconds;

    public static double More(double rate) => Math.Min(Most, rate * Step);

    public static double Less(double rate) => Math.Max(Math.Min(Least, rate), rate / Step);
}
