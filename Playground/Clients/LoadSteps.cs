namespace Shortline.Playground.Clients;

/// <summary>The load at the start and the steps by which keys change it.</summary>
internal static class LoadSteps
{
    /// <summary>The utilisation of the first servers: queues form, and the fleet keeps its size.</summary>
    private const double Utilisation = 0.75;

    private const double Step = 1.25;
    private const double Least = 1;
    private const double Most = 100_000;

    /// <summary>
    /// Requests a second that keep <paramref name="workers"/> workers busy for three quarters of their time with <c>compute</c>.
    /// </summary>
    public static double First(int workers) => Utilisation * workers / ComputeTimes.Mean.TotalSeconds;

    public static double More(double rate) => Math.Min(Most, rate * Step);

    public static double Less(double rate) => Math.Max(Math.Min(Least, rate), rate / Step);
}
