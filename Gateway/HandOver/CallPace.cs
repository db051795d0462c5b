namespace Shortline.Gateway.HandOver;

/// <summary>
/// The usual duration of calls to a server, per request: inline handlers make the call of a large batch long, although it does not hang.
/// A moving average over about ten calls.
/// </summary>
internal struct CallPace
{
    private const double Kept = 0.9;

    private double _ticks;
    private double _requests;

    public void Record(long ticks, int requests)
    {
        _ticks = (_ticks * Kept) + ticks;
        _requests = (_requests * Kept) + requests;
    }

    /// <summary>The usual duration of a call with this many requests, in ticks; 0 before the first call.</summary>
    public readonly double Of(int requests) => _requests > 0 ? _ticks / _requests * requests : 0;
}
