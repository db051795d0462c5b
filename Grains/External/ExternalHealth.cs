namespace Shortline.Grains;

/// <summary>
/// Whether a program is there, by what it says unasked and by its answers to probes. One that reports is silent after a timeout; one of the text
/// protocol, which does not, is known by its answers alone.
/// </summary>
/// <param name="timeout">Timestamp units without a report after which a program is silent. Probes go out three times in that time.</param>
/// <param name="reports">Whether it reports.</param>
/// <param name="frequency">Timestamp units in a second.</param>
internal sealed class ExternalHealth(long timeout, bool reports, long frequency)
{
    /// <summary>Probes without an answer, one after the other, that make a program silent: as many as a timeout has.</summary>
    private const int UnansweredLimit = 3;

    /// <summary>Timeouts of silence after which a program is forgotten.</summary>
    private const int ForgottenAfter = 10;

    /// <summary>Weight of the newest answer in the smoothed response time.</summary>
    private const double Smoothing = 0.2;

    private long _spokeAt;
    private long _nextProbe;
    private int _unanswered;
    private bool _probing;
    private bool _answers;

    /// <summary>Smoothed, in milliseconds; 0 before the first answer.</summary>
    public double ResponseTimeMs { get; private set; }

    /// <summary>Timestamp units between two probes; one without an answer by then has none.</summary>
    public long ProbeInterval => timeout / UnansweredLimit;

    /// <summary>The program was announced for the first time.</summary>
    public void Begin(long now) => (_spokeAt, _nextProbe) = (now, now);

    /// <summary>A report has come.</summary>
    public void Reported(long now)
    {
        if (!reports)
            return;

        // After a silence it is asked at once: its answer is what it is taken back for.
        if (IsOut(now))
            _nextProbe = now;
        _spokeAt = now;
    }

    /// <summary>Whether it does not report.</summary>
    public bool IsSilent(long now) => reports && now - _spokeAt >= timeout;

    /// <summary>Whether it is not to be relied on.</summary>
    public bool IsOut(long now) => IsSilent(now) || _unanswered >= UnansweredLimit || (!reports && !_answers);

    /// <summary>Whether nobody expects it back.</summary>
    public bool IsForgotten(long now) => now - _spokeAt >= ForgottenAfter * timeout;

    /// <summary>Whether it is time to ask it.</summary>
    public bool IsProbeDue(long now) => !_probing && now >= _nextProbe && !IsSilent(now);

    /// <summary>It is asked.</summary>
    public void Ask(long now)
    {
        _probing = true;
        _nextProbe = now + ProbeInterval;
    }

    /// <summary>It has answered.</summary>
    /// <param name="askedAt">When it was asked.</param>
    /// <param name="now">The time.</param>
    public void Answered(long askedAt, long now)
    {
        var sample = (now - askedAt) * 1000d / frequency;
        ResponseTimeMs = ResponseTimeMs == 0 ? sample : ResponseTimeMs + Smoothing * (sample - ResponseTimeMs);
        (_probing, _answers, _unanswered) = (false, true, 0);
        if (!reports)
            _spokeAt = now;
    }

    /// <summary>It has not answered.</summary>
    /// <param name="counts">Whether that says something: a program that works on a request may have no time for other things.</param>
    public void NotAnswered(bool counts)
    {
        _probing = false;
        if (counts)
            _unanswered++;
    }

    /// <summary>When any of this changes by itself, or it is time to ask: a timestamp.</summary>
    public long NextLook(long now)
    {
        var next = _spokeAt + ForgottenAfter * timeout;
        if (IsSilent(now))
            return next;
        if (reports)
            next = Math.Min(next, _spokeAt + timeout);
        return _probing ? next : Math.Min(next, _nextProbe);
    }
}
