using System.Text;
using System.Text.Json;
using Shortline.Gateway.Tcp;
using Shortline.Grains.Files;
using Shortline.Protocol.Requests;

namespace Shortline.Silo.Endpoints;

/// <summary>
/// Recognises requests for files as streams: operation <c>file</c> with <c>"stream":true</c> in its payload. They bypass the server's
/// queue, because a client that reads slowly would occupy a worker.
/// </summary>
internal sealed class FileStreams(FileRoot files, ChecksumCache checksums, string serverId) : IStreams
{
    private readonly byte[] _serverId = Encoding.UTF8.GetBytes(serverId);

    public Func<TcpConnection, Task>? Find(ReadOnlySpan<byte> request)
    {
        if (request.IndexOf("\"stream\""u8) < 0
            || RequestParser.Parse(request, out var view) != InvalidReason.None
            || !view.Operation.SequenceEqual("file"u8)
            || !TryRead(view.Payload, out var work)
            || !work.Stream)
        {
            return null;
        }

        var answer = new FileStream(files, checksums, work, new StreamReply(view.Id.ToArray(), view.HasClientId ? view.ClientId : null, _serverId));
        return answer.SendTo;
    }

    private static bool TryRead(ReadOnlySpan<byte> payload, out StreamWork work)
    {
        work = new StreamWork();
        try
        {
            work = payload.IsEmpty ? work : JsonSerializer.Deserialize(payload, EndpointJson.Default.StreamWork) ?? work;
            return true;
        }
        catch (JsonException)
        {
            // The request goes to the server, whose response says what is wrong with it.
            return false;
        }
    }
}
