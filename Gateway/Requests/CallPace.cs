namespace Shortline.Gateway;

/// <summary>
/// How long calls to a server take, per request they carry: handlers that run inline make a large batch a long call, and it is not hung. Weighs
/// about the last ten calls.
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

    /// <summary>The usual time of a call with so many requests, in ticks; 0 before the first.</summary>
    public readonly double Of(int requests) => _requests > 0 ? _ticks / _requests * requests : 0;
}
