namespace Shortline.LocalEngine;

/// <summary>
/// How long a silo has given no sign of life, as far as this process can tell. A look counts for no more than a few usual pauses between
/// looks: a process that was stopped itself has seen nothing meanwhile, and suspects nobody for it.
/// </summary>
internal sealed class Suspicion(TimeProvider time)
{
    /// <summary>Far more than a heartbeat (<see cref="Membership.Pause"/>) takes on a machine that is busy, and than a long collection of garbage.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan MostOfALook = Membership.Pause * 3;

    private long _beat;
    private long _lookedAt = time.GetTimestamp();
    private TimeSpan _silence;

    /// <summary>Whether more than one sign of life is missing.</summary>
    public bool IsSilent => _silence > Membership.Pause * 2;

    /// <summary>Takes note of the latest sign of life.</summary>
    /// <returns>Whether the silence is too long.</returns>
    public bool Look(long beat)
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(_lookedAt, now);
        _lookedAt = now;
        if (beat != _beat)
        {
            _beat = beat;
            _silence = TimeSpan.Zero;
            return false;
        }

        _silence += passed < MostOfALook ? passed : MostOfALook;
        return _silence > Limit;
    }
}
