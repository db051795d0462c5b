using System.Text;
using Shortline.Protocol;

namespace Shortline.Silo;

/// <summary>Writes the lines of an answer that is a stream.</summary>
/// <param name="Id">The request's id, as it came.</param>
/// <param name="ClientId">The client, if it said who it is.</param>
/// <param name="ServerId">The server.</param>
internal sealed record StreamReply(byte[] Id, long? ClientId, byte[] ServerId)
{
    /// <summary>A line that says that something is there.</summary>
    /// <param name="result">What: a JSON value.</param>
    public byte[] Ok(byte[] result) => Write(ResponseStatus.Ok, result, "");

    /// <summary>A line that says what is wrong.</summary>
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
