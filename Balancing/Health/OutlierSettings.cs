namespace Shortline.Balancing;

/// <summary>When servers that only fail are left out, and for how long. The defaults are Envoy's.</summary>
/// <param name="Failures">Failures in a row that eject a server; 0 for never.</param>
/// <param name="EjectMs">Milliseconds of the first ejection; the second takes twice as long, and so on.</param>
/// <param name="MostEjectMs">Milliseconds that an ejection takes at most.</param>
/// <param name="MostPercent">Percent of the servers that may be ejected at the same time. One always may, unless it is the only one.</param>
public sealed record OutlierSettings(int Failures = 5, int EjectMs = 30_000, int MostEjectMs = 300_000, int MostPercent = 10);
