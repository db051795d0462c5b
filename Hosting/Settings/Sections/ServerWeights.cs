using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>
/// The weights of servers (<c>server.weights</c>): a list that assigns one weight to each server in the order of their numbers and starts
/// again after its end, or a weight that is drawn whenever a server starts.
/// </summary>
[Description("random, or whole numbers from 0 to 1000 with commas between them, such as 1 or 5,3,1; not all 0")]
[TypeConverter(typeof(TextValueConverter<ServerWeights>))]
public sealed record ServerWeights : ITextValue<ServerWeights>
{
    // The range of the weights that the seed of this project draws.
    private const int LargestDrawn = 9;
    private const int LongestList = 1000;
    private const int LargestWeight = 1000;

    private readonly ImmutableArray<int> _weights;

    private ServerWeights(ImmutableArray<int> weights) => _weights = weights;

    /// <summary>The same weight for all servers.</summary>
    public static ServerWeights Equal { get; } = new([1]);

    /// <summary>A random weight from 1 to 9 for each start of a server.</summary>
    public static ServerWeights Drawn { get; } = new(ImmutableArray<int>.Empty);

    /// <summary>One weight for each server, in the order of their ids.</summary>
    /// <param name="weights">At least one weight, each from 0 to 1000. A server with weight 0 gets no requests.</param>
    public static ServerWeights List(ImmutableArray<int> weights) => new(weights);

    /// <summary>Reads <c>random</c>, or weights with commas between them.</summary>
    /// <returns>Null if the text is neither, or all weights are 0.</returns>
    public static ServerWeights? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Equals("random", StringComparison.OrdinalIgnoreCase))
            return Drawn;
        var weights = ImmutableArray.CreateBuilder<int>();
        foreach (var part in text.Split(',', LongestList + 1, StringSplitOptions.TrimEntries))
        {
            if (weights.Count == LongestList
                || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var weight)
                || weight > LargestWeight)
            {
                return null;
            }

            weights.Add(weight);
        }

        return weights.Any(weight => weight > 0) ? List(weights.ToImmutable()) : null;
    }

    /// <summary>The weight of a server.</summary>
    /// <param name="number">The server's number, from 0.</param>
    /// <param name="chance">Any number that differs from start to start. It decides the weight if weights are drawn.</param>
    public int Of(int number, long chance) => _weights.IsEmpty
        ? 1 + new Random(unchecked((int)(chance ^ (chance >> 32))) ^ number).Next(LargestDrawn)
        : _weights[number % _weights.Length];

    /// <inheritdoc/>
    public bool Equals(ServerWeights? other) => other is not null && _weights.SequenceEqual(other._weights);

    /// <inheritdoc/>
    public override int GetHashCode() => _weights.Length == 0 ? 0 : _weights[0];

    /// <summary>The weights as <see cref="TryParse"/> reads them.</summary>
    public override string ToString() => _weights.IsEmpty ? "random" : string.Join(',', _weights);
}
