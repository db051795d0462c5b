using System.Numerics;

namespace Shortline.Balancing.Choosing;

/// <summary>
/// Weights by slot, for random choices in proportion to them: a binary indexed tree (P. Fenwick, "A new data structure for cumulative
/// frequency tables", 1994). A change and a choice cost O(log n).
/// </summary>
internal sealed class WeightTree
{
    private double[] _weights = new double[16];
    private double[] _sums = new double[17];

    /// <summary>The sum of all weights, up to rounding errors.</summary>
    public double Sum { get; private set; }

    /// <summary>The weight of a slot; 0 if none was set.</summary>
    public double WeightOf(int slot) => slot < _weights.Length ? _weights[slot] : 0;

    /// <summary>Sets the weight of a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="weight">At least 0.</param>
    public void Set(int slot, double weight)
    {
        if (slot >= _weights.Length)
            Grow(slot + 1);
        if (weight == _weights[slot])
            return;

        var change = weight - _weights[slot];
        _weights[slot] = weight;
        Sum += change;
        Add(slot, change);
    }

    /// <summary>Returns a random slot in proportion to the weights. By a rounding error it may be one of weight 0.</summary>
    public int Random(Random random)
    {
        var ticket = random.NextDouble() * Sum;
        var at = 0;
        for (var step = _weights.Length; step > 0; step /= 2)
        {
            if (at + step < _sums.Length && _sums[at + step] <= ticket)
                ticket -= _sums[at += step];
        }

        return Math.Min(at, _weights.Length - 1);
    }

    private void Add(int slot, double change)
    {
        for (var i = slot + 1; i < _sums.Length; i += i & -i)
            _sums[i] += change;
    }

    /// <summary>Builds a larger tree, which also removes rounding errors. The length is a power of two.</summary>
    private void Grow(int slots)
    {
        Array.Resize(ref _weights, (int)BitOperations.RoundUpToPowerOf2((uint)slots));
        _sums = new double[_weights.Length + 1];
        Sum = 0;
        for (var slot = 0; slot < _weights.Length; slot++)
        {
            Sum += _weights[slot];
            Add(slot, _weights[slot]);
        }
    }
}
