using System.Globalization;

namespace Shortline.Playground.Command;

/// <summary>Parses durations: <c>500ms</c>, <c>10s</c>, <c>1.5m</c>, <c>1h</c>; a bare number is seconds.</summary>
internal static class DurationText
{
    public const string Allowed = "a number with ms, s, m or h, such as 10s, above 0 and at most 24h";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    public static bool TryRead(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        text = text.Trim();
        var (unit, seconds) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        var digits = unit is null ? text : text[..^unit.Length];
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var total = number * (unit is null ? 1 : seconds);
        if (!(total > 0 && total <= Longest.TotalSeconds))
            return false;
        duration = TimeSpan.FromSeconds(total);
        return true;
    }
}
