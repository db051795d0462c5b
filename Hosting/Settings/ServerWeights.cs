using System.Collections.Immutable;

namespace Shortline.Hosting;

/// <summary>The weights of servers, as <c>server.weights</c> says them: the first server has the first weight, and after the last one it begins again; or each start of a server draws one.</summary>
public sealed record ServerWeights
{
    /// <summary>The largest weight that is drawn, as in the seed of this project.</summary>
    private const int MostDrawn = 9;

    private readonly ImmutableArray<int> _weights;

    private ServerWeights(ImmutableArray<int> weights) => _weights = weights;

    /// <summary>All have the same.</summary>
    public static ServerWeights Equal { get; } = new([1]);

    /// <summary>1 to 9 by chance.</summary>
    public static ServerWeights Drawn { get; } = new(ImmutableArray<int>.Empty);

    /// <summary>A weight for each server, in the order of their ids.</summary>
    /// <param name="weights">At least one; 0 to 1000, where 0 takes no requests.</param>
    public static ServerWeights List(ImmutableArray<int> weights) => new(weights);

    /// <summary>The weight of a server.</summary>
    /// <param name="number">Its place, from 0.</param>
    /// <param name="chance">Any number that differs from start to start.</param>
    public int Of(int number, long chance) =>
        _weights.IsEmpty ? 1 + new Random(unchecked((int)(chance ^ (chance >> 32))) ^ number).Next(MostDrawn) : _weights[number % _weights.Length];

    /// <inheritdoc/>
    public bool Equals(ServerWeights? other) => other is not null && _weights.SequenceEqual(other._weights);

    /// <inheritdoc/>
    public override int GetHashCode() => _weights.Length == 0 ? 0 : _weights[0];

    /// <summary>As it is written.</summary>
    public override string ToString() => _weights.IsEmpty ? "random" : string.Join(',', _weights);
}
