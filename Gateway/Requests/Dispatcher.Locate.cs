using Shortline.Gateway.Udp;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <content>Gives clients the location of a server.</content>
internal sealed partial class Dispatcher
{
    /// <summary>The operation that the gateway answers without a server.</summary>
    private static ReadOnlySpan<byte> LocateOperation => "locate"u8;

    /// <summary>
    /// Returns the location of the server that would get the next request, for a client of the text protocol: <c>["host",port]</c>, or
    /// <c>[]</c> if there is none.
    /// </summary>
    /// <param name="key">The affinity key: policies with affinity send equal keys to the same server.</param>
    public ReadOnlySpan<byte> Locate(ulong key)
    {
        var now = _clock.Now;
        lock (_lock)
        {
            return PickLocation(inJson: false, key, now) is { } link ? link.Location : "[]"u8;
        }
    }

    private ServerLink? PickLocation(bool inJson, ulong key, long now)
    {
        var link = _fleet.PickLocation(inJson, key, now);
        if (link is not null)
        {
            link.LocatedSinceNews++;
        }

        return link;
    }

    private void AnswerLocate(in RequestView request, in PeerAddress peer, long now, DispatchTurn turn)
    {
        var link = PickLocation(inJson: true, request.HasClientId ? (ulong)request.ClientId : peer.MachineHash, now);
        if (request.Id.IsEmpty)
        {
            // A request without an id gets the short answer.
            AnswerShort(link is null ? "[]"u8 : link.Location, peer, turn);
            return;
        }

        if (link is null)
        {
            Reject(request, peer, RejectReasons.NoServer, RetryAfterMs(now), turn);
            return;
        }

        Counters.CountAnswer(ResponseStatus.Ok);
        AnswerWriter.Write(turn.Replies, peer, new Response
        {
            Id = request.Id,
            HasClientId = request.HasClientId,
            ClientId = request.ClientId,
            Status = ResponseStatus.Ok,
            ServerId = link.Utf8Id,
            QueueLength = -1,
            Result = link.Location,
            ElapsedMicroseconds = -1,
        });
    }
}
