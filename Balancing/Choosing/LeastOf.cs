namespace Shortline.Balancing;

/// <summary>
/// The least of the scores that are offered one after the other. Ties are broken by chance in the same pass, in proportion to a share (weighted reservoir
/// sampling, Chao 1982): gateways that see the same ranking must not all run to the same server.
/// </summary>
internal struct LeastOf()
{
    private double _least = double.PositiveInfinity;
    private double _tied;

    /// <summary>Where the least is.</summary>
    public int Index { get; private set; }

    /// <summary>Offers a score.</summary>
    /// <param name="index">Where it is.</param>
    /// <param name="score">The score.</param>
    /// <param name="share">How likely it is to be taken among equals, relative to them; above 0.</param>
    /// <param name="random">The source of chance.</param>
    public void Offer(int index, double score, double share, Random random)
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
