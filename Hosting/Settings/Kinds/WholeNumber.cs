using System.Globalization;
using System.Numerics;

namespace Shortline.Hosting;

/// <summary>A whole number of a range, both ends included.</summary>
internal sealed class WholeNumber<T>(T least, T most) : ValueKind<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override string Allowed { get; } = most == T.MaxValue
        ? $"a whole number, at least {Write(least)}"
        : $"a whole number from {Write(least)} to {Write(most)}";

    public override bool TryRead(SettingEntry entry, out T value)
    {
        value = default;
        return entry.Kind != EntryKind.Other
            && T.TryParse(entry.Value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= least
            && value <= most;
    }

    private static string Write(T number) => number.ToString("0", CultureInfo.InvariantCulture);
}
