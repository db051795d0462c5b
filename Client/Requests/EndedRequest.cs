namespace Shortline.Client;

/// <summary>A request that is over.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Context">What its owner gave along.</param>
/// <param name="Answered">Whether an answer came; if not, its time ran out.</param>
/// <param name="Elapsed">From its start to now, retries included.</param>
/// <param name="Sent">How often it was sent.</param>
internal readonly record struct EndedRequest(long Id, object? Context, bool Answered, TimeSpan Elapsed, int Sent);
