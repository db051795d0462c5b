namespace Shortline.Grains.ExternalServers;

/// <summary>
/// Judges whether an external server is there, by its reports and by its answers to probes. One that reports is silent after a timeout; one
/// that speaks the text protocol sends no reports and is judged by its answers alone. One at an address that may be somebody else's has to
/// answer a probe first.
/// </summary>
/// <param name="timeout">
/// Timestamp units without a report after which the external server is silent. Three probes are sent in that time.
/// </param>
/// <param name="reports">Whether the external server sends reports.</param>
/// <param name="mustAnswer">Whether it gets no requests before it has answered a probe. So it is if it sends no reports.</param>
/// <param name="frequency">Timestamp units in a second.</param>
internal sealed class ExternalServerHealth(long timeout, bool reports, bool mustAnswer, long frequency)
{
    /// <summary>Successive probes without an answer that eject it: as many as fit into a timeout.</summary>
    private const int UnansweredLimit = 3;

    /// <summary>Timeouts of silence after which it is forgotten.</summary>
    private const int ForgottenAfter = 10;

    /// <summary>Weight of the newest answer in the smoothed response time.</summary>
    private const double Smoothing = 0.2;

    private long _heardAt;
    private long _nextProbe;
    private int _unanswered;
    private bool _probing;
    private bool _answers;

    /// <summary>Smoothed response time, in milliseconds; 0 before the first answer.</summary>
    public double ResponseTimeMs { get; private set; }

    /// <summary>Timestamp units between two probes. A probe without an answer by then counts as not answered.</summary>
    public long ProbeInterval => timeout / UnansweredLimit;

    /// <summary>Notes the first announcement.</summary>
    public void Begin(long now) => (_heardAt, _nextProbe) = (now, now);

    /// <summary>Notes a report.</summary>
    public void Reported(long now)
    {
        if (!reports)
            return;

        // After a silence it has to answer a probe before it is readmitted, so the probe is due at once.
        if (IsOut(now))
            _nextProbe = now;
        _heardAt = now;
    }

    /// <summary>Notes that the external server is at another address now.</summary>
    public void Moved() => _answers = false;

    /// <summary>Whether the reports of the external server have stopped.</summary>
    public bool IsSilent(long now) => reports && now - _heardAt >= timeout;

    /// <summary>Whether the external server must not get requests.</summary>
    public bool IsOut(long now) => IsSilent(now) || _unanswered >= UnansweredLimit || (mustAnswer && !_answers);

    /// <summary>Whether the external server has been silent for so long that its server grain ends.</summary>
    public bool IsForgotten(long now) => now - _heardAt >= ForgottenAfter * timeout;

    /// <summary>Whether a probe is due.</summary>
    public bool IsProbeDue(long now) => !_probing && now >= _nextProbe && !IsSilent(now);

    /// <summary>Notes that a probe is sent.</summary>
    public void Ask(long now)
    {
        _probing = true;
        _nextProbe = now + ProbeInterval;
    }

    /// <summary>Notes the answer to a probe.</summary>
    /// <param name="askedAt">When the probe was sent.</param>
    /// <param name="now">The present time.</param>
    public void Answered(long askedAt, long now)
    {
        var sample = (now - askedAt) * 1000d / frequency;
        ResponseTimeMs = ResponseTimeMs == 0 ? sample : ResponseTimeMs + Smoothing * (sample - ResponseTimeMs);
        (_probing, _answers, _unanswered) = (false, true, 0);
        if (!reports)
            _heardAt = now;
    }

    /// <summary>Notes that a probe was not answered.</summary>
    /// <param name="counts">Whether the unanswered probe counts against the external server.</param>
    public void NotAnswered(bool counts)
    {
        _probing = false;
        if (counts)
            _unanswered++;
    }

    /// <summary>The timestamp at which any of this changes by itself or a probe is due.</summary>
    public long NextLook(long now)
    {
        var next = _heardAt + ForgottenAfter * timeout;
        if (IsSilent(now))
            return next;
        if (reports)
            next = Math.Min(next, _heardAt + timeout);
        return _probing ? next : Math.Min(next, _nextProbe);
    }
}
