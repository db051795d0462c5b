using System.Globalization;

namespace Shortline.Hosting.Text;

/// <summary>
/// Parses durations: <c>500ms</c>, <c>10s</c>, <c>1.5m</c>, <c>1h</c>. The unit is required, because a bare number would be milliseconds to
/// one reader and seconds to another.
/// </summary>
internal static class DurationText
{
    public const string Allowed = "a number with its unit (ms, s, m or h), such as 500ms, 10s or 2m, above 0 and at most 24h";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    public static bool TryRead(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        text = text.Trim();
        var (unit, seconds) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        if (unit is null || !double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var total = number * seconds;
        if (!(total > 0 && total <= Longest.TotalSeconds))
            return false;
        duration = TimeSpan.FromSeconds(total);
        return true;
    }
}
