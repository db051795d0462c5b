namespace Shortline.Playground.Screen;

/// <summary>Formats numbers in few characters and constant width.</summary>
internal static class Figures
{
    /// <summary><c>0.41 ms</c>, <c>14.2 ms</c>, <c>240 ms</c>, <c>1.52 s</c>.</summary>
    public static string Latency(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 10 => $"{time.TotalMilliseconds:0.00} ms",
        < 100 => $"{time.TotalMilliseconds:0.0} ms",
        < 1000 => $"{time.TotalMilliseconds:0} ms",
        _ => $"{time.TotalSeconds:0.00} s",
    };

    public static string Latency(long nanoseconds) => Latency(TimeSpan.FromMicroseconds(nanoseconds / 1000.0));

    /// <summary><c>7 s</c>, <c>1:07 min</c>, <c>1:00:07 h</c>.</summary>
    public static string Clock(TimeSpan time) => time.TotalSeconds switch
    {
        < 60 => $"{(int)time.TotalSeconds} s",
        < 3600 => $"{(int)time.TotalMinutes}:{time.Seconds:00} min",
        _ => $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00} h",
    };

    /// <summary>A rate: <c>7.5/s</c>, <c>167/s</c>.</summary>
    public static string Rate(double perSecond) => perSecond < 9.95 ? $"{perSecond:0.0}/s" : $"{perSecond:0}/s";

    /// <summary>A share of 1: <c>25.2 %</c>.</summary>
    public static string Share(double share) => $"{100 * share:0.0} %";

    /// <summary>A count with what is counted: <c>1 silo</c>, <c>2 silos</c>.</summary>
    public static string Count(long count, string one) => count == 1 ? $"1 {one}" : $"{count} {one}s";
}
