using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <summary>
/// Counters of a gateway since it started. Each shard has its own, and the fleet has some, so that none is shared. They are written under the
/// lock of their owner and read without it: two counters may be read at slightly different moments, but a single one is never torn.
/// </summary>
internal sealed class GatewayCounters
{
    private readonly long[] _answered = new long[Enum.GetValues<ResponseStatus>().Length];
    private readonly long[] _invalid = new long[Enum.GetValues<InvalidReason>().Length];

    /// <summary>Requests received, valid or not.</summary>
    public long Received;

    /// <summary>Repeats of requests that were in flight.</summary>
    public long Joined;

    /// <summary>Repeats answered from memory.</summary>
    public long Repeated;

    /// <summary>Requests sent to a second server because the first rejected or returned them.</summary>
    public long Repicked;

    /// <summary>Requests sent to a second server because the first was lost or stalled.</summary>
    public long Redispatched;

    /// <summary>Responses to requests that were already answered.</summary>
    public long Late;

    /// <summary>Calls to servers.</summary>
    public long Calls;

    /// <summary>Calls to servers that failed.</summary>
    public long FailedCalls;

    /// <summary>Times that a server had work and completed nothing.</summary>
    public long Stalls;

    /// <summary>Times that a server was ejected after consecutive failures.</summary>
    public long Ejections;

    /// <summary>Datagrams from port 0, which cannot be answered.</summary>
    public long Unanswerable;

    /// <summary>Datagrams that are answers, or that claim to come from this gateway. They are not answered.</summary>
    public long Reflected;

    /// <summary>Answers that were too large for an address that has not proven itself, so that <c>verify</c> was sent instead.</summary>
    public long Verify;

    /// <summary>Answers that were not sent, because even <c>verify</c> was too large for an address that has not proven itself.</summary>
    public long Withheld;

    /// <summary>Answers by status.</summary>
    public ReadOnlySpan<long> Answered => _answered;

    /// <summary>Invalid requests by reason.</summary>
    public ReadOnlySpan<long> Invalid => _invalid;

    public void CountAnswer(ResponseStatus status) => _answered[(int)status]++;

    public void CountInvalid(InvalidReason reason) => _invalid[(int)reason]++;

    /// <summary>Adds the present values of others.</summary>
    public void Add(GatewayCounters others)
    {
        Received += others.Received;
        Joined += others.Joined;
        Repeated += others.Repeated;
        Repicked += others.Repicked;
        Redispatched += others.Redispatched;
        Late += others.Late;
        Calls += others.Calls;
        FailedCalls += others.FailedCalls;
        Stalls += others.Stalls;
        Ejections += others.Ejections;
        Unanswerable += others.Unanswerable;
        Reflected += others.Reflected;
        Verify += others.Verify;
        Withheld += others.Withheld;
        for (var i = 0; i < _answered.Length; i++)
            _answered[i] += others._answered[i];
        for (var i = 0; i < _invalid.Length; i++)
            _invalid[i] += others._invalid[i];
    }
}
