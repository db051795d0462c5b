using System.Globalization;

namespace Shortline.Hosting;

/// <summary>A number of a range, both ends included.</summary>
internal sealed class RealNumber(double least, double most) : ValueKind<double>
{
    public override string Allowed { get; } = string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}");

    public override bool TryRead(SettingEntry entry, out double value)
    {
        value = 0;
        return entry.Kind != EntryKind.Other
            && double.TryParse(entry.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && value >= least
            && value <= most;
    }
}
