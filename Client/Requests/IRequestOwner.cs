using Shortline.Protocol;

namespace Shortline.Client;

/// <summary>Who started requests on a channel.</summary>
internal interface IRequestOwner
{
    /// <summary>A request is over. Comes from the channel's threads, outside its lock; new requests may be started in it.</summary>
    /// <param name="request">Which one.</param>
    /// <param name="response">The answer, valid during the call only; default if none came.</param>
    void OnEnded(in EndedRequest request, in ResponseView response);
}
