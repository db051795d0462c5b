using System.Text;
using Shortline.Protocol.Responses;

namespace Shortline.Silo.Endpoints;

/// <summary>Writes the response lines of a stream.</summary>
/// <param name="Id">The request's id as the client sent it.</param>
/// <param name="ClientId">The client's id, if the request has one.</param>
/// <param name="ServerId">The server's id.</param>
internal sealed record StreamReply(byte[] Id, long? ClientId, byte[] ServerId)
{
    /// <summary>Writes a line with status ok.</summary>
    /// <param name="result">The result, a JSON value.</param>
    public byte[] Ok(byte[] result) => Write(ResponseStatus.Ok, result, "");

    /// <summary>Writes a line with an error.</summary>
    public byte[] Fault(ResponseStatus status, string error) => Write(status, [], error);

    private byte[] Write(ResponseStatus status, byte[] result, string error)
    {
        var response = new Response
        {
            Id = Id,
            HasClientId = ClientId is not null,
            ClientId = ClientId ?? 0,
            Status = status,
            ServerId = ServerId,
            Result = result,
            Error = Encoding.UTF8.GetBytes(error),
        };
        var line = new byte[ResponseWriter.MaxLength(response) + 1];
        var length = ResponseWriter.Write(line, response);
        line[length] = (byte)'\n';
        return line[..(length + 1)];
    }
}
