using Shortline.Gateway.Tcp;
using Shortline.Gateway.Udp;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.Requests;

/// <summary>
/// Writes answers directly into the memory that is sent. An answer that is too large for an address that has not proven itself becomes
/// <c>verify</c>, with a token that the client repeats its request with.
/// </summary>
/// <param name="tokens">Makes the tokens.</param>
/// <param name="counters">Counts answers that are not sent as they are.</param>
internal sealed class AnswerWriter(AddressTokens tokens, GatewayCounters counters)
{
    /// <summary>Writes one answer.</summary>
    /// <returns>The bytes of the answer, also if they are too many for the recipient. They are valid until the next answer.</returns>
    public ReadOnlySpan<byte> Write(AnswerBatch answers, in Recipient to, in Response response)
    {
        var room = answers.Reserve(to.Peer, Math.Min(ResponseWriter.MaxLength(response), RequestParser.MaxDatagram));
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
                Error = "the result is too large for a response (65507 bytes in all)"u8,
                ElapsedMicroseconds = response.ElapsedMicroseconds,
            };
            length = ResponseWriter.Write(room, tooLarge);
        }

        if (length <= to.Limit)
        {
            answers.Commit(length);
            return room[..length];
        }

        var answer = answers.SetAside(room[..length]);
        WriteVerify(answers, to, response.Id, response.HasClientId ? response.ClientId : null);
        return answer;
    }

    /// <summary>Writes an answer that consists of a value alone, for requests without an id, which come by connections.</summary>
    public static void WriteShort(AnswerBatch answers, in PeerAddress connection, ReadOnlySpan<byte> value)
    {
        value.CopyTo(answers.Reserve(connection, value.Length));
        answers.Commit(value.Length);
    }

    /// <summary>Writes an answer that was written before.</summary>
    public void WriteAgain(AnswerBatch answers, in Recipient to, in RequestView request, ReadOnlySpan<byte> answer)
    {
        if (answer.Length <= to.Limit)
            WriteShort(answers, to.Peer, answer);
        else
            WriteVerify(answers, to, request.Id, request.HasClientId ? request.ClientId : null);
    }

    /// <summary>Writes the answer to a request that is not accepted.</summary>
    public void WriteRejected(
        AnswerBatch answers, in Recipient to, ReadOnlySpan<byte> id, long? clientId, ReadOnlySpan<byte> reason, int retryAfterMs,
        long elapsedMicroseconds) =>
        Write(answers, to, new Response
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
    public void WriteInvalid(AnswerBatch answers, in Recipient to, in RequestView request, InvalidReason reason) =>
        Write(answers, to, new Response
        {
            Id = request.Id,
            HasClientId = request.HasClientId,
            ClientId = request.ClientId,
            Status = ResponseStatus.Invalid,
            QueueLength = -1,
            Error = InvalidReasons.Describe(reason),
            ElapsedMicroseconds = -1,
        });

    /// <summary>Asks the client to repeat its request with a token, unless even that is too large for it.</summary>
    public void WriteVerify(AnswerBatch answers, in Recipient to, ReadOnlySpan<byte> id, long? clientId)
    {
        Span<byte> token = stackalloc byte[AddressTokens.Length];
        tokens.Write(token, to.Peer);
        var verify = new Response
        {
            Id = id,
            HasClientId = clientId is not null,
            ClientId = clientId ?? 0,
            Status = ResponseStatus.Verify,
            QueueLength = -1,
            Token = token,
            ElapsedMicroseconds = -1,
        };
        var length = ResponseWriter.Write(answers.Reserve(to.Peer, ResponseWriter.MaxLength(verify)), verify);
        if (length > to.Limit)
        {
            counters.Withheld++;
            return;
        }

        counters.Verify++;
        answers.Commit(length);
    }
}
