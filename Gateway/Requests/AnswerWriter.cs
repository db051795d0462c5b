using Shortline.Gateway.Tcp;
using Shortline.Gateway.Udp;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <summary>Writes answers directly into the memory that is sent.</summary>
internal static class AnswerWriter
{
    /// <summary>Writes one answer.</summary>
    /// <returns>The bytes of the answer, in the send batch's memory.</returns>
    public static ReadOnlySpan<byte> Write(AnswerBatch answers, in PeerAddress peer, in Response response)
    {
        var room = answers.Reserve(peer, Math.Min(ResponseWriter.MaxLength(response), RequestParser.MaxDatagram));
        var length = ResponseWriter.Write(room, response);
        if (length < 0)
        {
            // A result cannot be cut without changing its meaning, so the client gets an error instead.
            var tooLarge = new Response
            {
                Id = response.Id,
                HasClientId = response.HasClientId,
                ClientId = response.ClientId,
                Status = ResponseStatus.Error,
                ServerId = response.ServerId,
                QueueLength = response.QueueLength,
                Error = "the result does not fit into a datagram (65507 bytes)"u8,
                ElapsedMicroseconds = response.ElapsedMicroseconds,
            };
            length = ResponseWriter.Write(room, tooLarge);
        }

        answers.Commit(length);
        return room[..length];
    }

    /// <summary>Writes an answer that consists of a value alone, for requests without an id, or that was written before.</summary>
    public static void WriteShort(AnswerBatch answers, in PeerAddress peer, ReadOnlySpan<byte> value)
    {
        value.CopyTo(answers.Reserve(peer, value.Length));
        answers.Commit(value.Length);
    }

    /// <summary>Writes the answer to a request that is not accepted.</summary>
    public static void WriteRejected(
        AnswerBatch answers, in PeerAddress peer, ReadOnlySpan<byte> id, long? clientId, ReadOnlySpan<byte> reason, int retryAfterMs,
        long elapsedMicroseconds) =>
        Write(answers, peer, new Response
        {
            Id = id,
            HasClientId = clientId is not null,
            ClientId = clientId ?? 0,
            Status = ResponseStatus.Rejected,
            QueueLength = -1,
            Reason = reason,
            RetryAfterMs = retryAfterMs,
            ElapsedMicroseconds = elapsedMicroseconds,
        });

    /// <summary>Writes the answer to an invalid request.</summary>
    public static void WriteInvalid(AnswerBatch answers, in PeerAddress peer, in RequestView request, InvalidReason reason) =>
        Write(answers, peer, new Response
        {
            Id = request.Id,
            HasClientId = request.HasClientId,
            ClientId = request.ClientId,
            Status = ResponseStatus.Invalid,
            QueueLength = -1,
            Error = InvalidReasons.Describe(reason),
            ElapsedMicroseconds = -1,
        });
}
