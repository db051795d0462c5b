using Shortline.Protocol.Responses;

namespace Shortline.Client.Requests;

/// <summary>Starts requests on a channel. The channel calls it when they end.</summary>
internal interface IRequestOwner
{
    /// <summary>A request has ended. Called on the channel's threads, outside its lock; the owner may start new requests in it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="response">The response, valid during the call only; default if none came.</param>
    void OnEnded(in EndedRequest request, in ResponseView response);
}

/// <summary>A request that has ended.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Context">The object that its owner passed when it started the request.</param>
/// <param name="Answered">Whether a response came; if not, its time is over.</param>
/// <param name="Elapsed">The time from its start to its end, retries included.</param>
/// <param name="Sent">How often it was sent.</param>
internal readonly record struct EndedRequest(long Id, object? Context, bool Answered, TimeSpan Elapsed, int Sent);
