namespace Shortline.Gateway;

/// <summary>
/// What the gateway has done since it started. Plain numbers, written only under the dispatcher's lock; readers may see a moment's
/// difference between two of them, never a torn one.
/// </summary>
internal sealed class GatewayCounters
{
    private readonly long[] _answered = new long[Enum.GetValues<ResponseStatus>().Length];
    private readonly long[] _invalid = new long[Enum.GetValues<InvalidReason>().Length];

    /// <summary>Datagrams that came in, whatever they were.</summary>
    public long Received;

    /// <summary>Requests that were in flight already and were joined to it.</summary>
    public long Joined;

    /// <summary>Requests answered from memory.</summary>
    public long Repeated;

    /// <summary>Requests given to a second server because the first did not take or keep them.</summary>
    public long Repicked;

    /// <summary>Requests given to a second server because the first was lost or stalled.</summary>
    public long Redispatched;

    /// <summary>Responses whose request was answered already.</summary>
    public long Late;

    /// <summary>Calls to servers.</summary>
    public long Calls;

    /// <summary>Calls to servers that failed.</summary>
    public long FailedCalls;

    /// <summary>Times a server was found to have work and answer nothing.</summary>
    public long Stalls;

    /// <summary>Times a server was left out because it had only failed.</summary>
    public long Ejections;

    /// <summary>Datagrams without a sender to answer.</summary>
    public long Unanswerable;

    /// <summary>Answers by status.</summary>
    public ReadOnlySpan<long> Answered => _answered;

    /// <summary>Datagrams that were no requests, by reason.</summary>
    public ReadOnlySpan<long> Invalid => _invalid;

    public void CountAnswer(ResponseStatus status) => _answered[(int)status]++;

    public void CountInvalid(InvalidReason reason) => _invalid[(int)reason]++;
}
