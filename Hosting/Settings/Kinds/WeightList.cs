using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shortline.Hosting;

/// <summary>Weights of servers.</summary>
internal sealed class WeightList : ValueKind<ServerWeights>
{
    private const int Longest = 1000;
    private const int Largest = 1000;

    public override string Allowed => $"random, or whole numbers from 0 to {Largest} with commas between them, such as 1 or 5,3,1; not all 0";

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out ServerWeights value)
    {
        var written = entry.Value.Trim();
        if (entry.Kind == EntryKind.Text && written.Equals("random", StringComparison.OrdinalIgnoreCase))
        {
            value = ServerWeights.Drawn;
            return true;
        }

        value = null;
        if (entry.Kind == EntryKind.Other)
            return false;

        var weights = ImmutableArray.CreateBuilder<int>();
        foreach (var part in written.Split(',', Longest + 1, StringSplitOptions.TrimEntries))
        {
            if (weights.Count == Longest || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) || weight > Largest)
                return false;
            weights.Add(weight);
        }

        value = weights.Any(weight => weight > 0) ? ServerWeights.List(weights.ToImmutable()) : null;
        return value is not null;
    }
}
