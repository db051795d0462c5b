using Shortline.Gateway.Destinations;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <summary>Answers what the gateway answers without a server: where one is, and whether anybody is there. Takes the lock of the fleet.</summary>
internal sealed class Locations(ServerFleet fleet, Assignments assignments, Clock clock)
{
    /// <summary>Asks where a server is.</summary>
    private static ReadOnlySpan<byte> LocateOperation => "locate"u8;

    /// <summary>Asks whether anybody reads and answers on a connection.</summary>
    private static ReadOnlySpan<byte> ProbeOperation => "probe"u8;

    /// <summary>
    /// Whether a request is one of these. Without an id it has to come by a connection: no datagram is answered so, because its source may be
    /// forged.
    /// </summary>
    public static bool Answers(in ArrivedRequest request) => request.Reason switch
    {
        InvalidReason.None => request.View.Operation.SequenceEqual(LocateOperation),
        InvalidReason.MissingId => request.Peer.IsConnection
            && (request.View.Operation.SequenceEqual(LocateOperation) || request.View.Operation.SequenceEqual(ProbeOperation)),
        _ => false,
    };

    /// <summary>
    /// Returns the location of the server that would get the next request: <c>["host",port]</c>, or <c>[]</c> if there is none.
    /// </summary>
    /// <param name="key">The affinity key: policies with affinity send equal keys to the same server.</param>
    public ReadOnlySpan<byte> Locate(ulong key)
    {
        lock (fleet.Lock)
            return fleet.PickLocation(inJson: false, key, clock.Now) is { } server ? server.Location : "[]"u8;
    }

    /// <summary>Answers such a request.</summary>
    public void Answer(in ArrivedRequest request, long now, Outgoing outgoing, AnswerWriter answers, GatewayCounters counters)
    {
        var view = request.View;
        if (view.Operation.SequenceEqual(ProbeOperation))
        {
            AnswerWriter.WriteShort(outgoing.Answers, request.Peer, "[]"u8);
            return;
        }

        Destination? server;
        lock (fleet.Lock)
            server = fleet.PickLocation(inJson: true, view.HasClientId ? (ulong)view.ClientId : request.Peer.MachineHash, now);

        if (view.Id.IsEmpty)
        {
            AnswerWriter.WriteShort(outgoing.Answers, request.Peer, server is null ? "[]"u8 : server.Location);
        }
        else if (server is null)
        {
            counters.CountAnswer(ResponseStatus.Rejected);
            answers.WriteRejected(
                outgoing.Answers, request.Recipient, view.Id, view.HasClientId ? view.ClientId : null, RejectReasons.NoServer,
                assignments.RetryAfterMs(now), elapsedMicroseconds: -1);
        }
        else
        {
            counters.CountAnswer(ResponseStatus.Ok);
            answers.Write(outgoing.Answers, request.Recipient, new Response
            {
                Id = view.Id,
                HasClientId = view.HasClientId,
                ClientId = view.ClientId,
                Status = ResponseStatus.Ok,
                ServerId = server.Utf8Id,
                QueueLength = -1,
                Result = server.Location,
                ElapsedMicroseconds = -1,
            });
        }
    }
}
