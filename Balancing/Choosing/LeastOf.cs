namespace Shortline.Balancing.Choosing;

/// <summary>
/// Finds the smallest score in one pass. Ties are broken at random in proportion to a share (weighted reservoir sampling, Chao 1982), so
/// that gateways with the same ranking do not all choose the same server.
/// </summary>
internal struct LeastOf()
{
    private double _least = double.PositiveInfinity;
    private double _tied;

    /// <summary>The index of the smallest score.</summary>
    public int Index { get; private set; }

    /// <summary>Considers a score.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="score">The score.</param>
    /// <param name="share">Its probability among equal scores, relative to theirs; greater than 0.</param>
    /// <param name="random">The random source.</param>
    public void Consider(int index, double score, double share, Random random)
    {
        if (score < _least)
        {
            (_least, _tied, Index) = (score, share, index);
        }
        else if (score == _least)
        {
            _tied += share;
            if (random.NextDouble() * _tied < share)
                Index = index;
        }
    }
}
