using System.Net;
using System.Net.Sockets;
using Shortline.Protocol.ExternalServers;
using Shortline.Protocol.Responses;

namespace Shortline.Gateway.ExternalServers;

/// <summary>The connection of one external server: each line is a report. Only invalid reports are answered.</summary>
internal sealed class ExternalConnection(Socket socket, IPAddress peer, ExternalIntake intake)
{
    private readonly byte[] _received = new byte[ExternalReportParser.MaxReport + 2];

    /// <summary>Reads reports until the external server disconnects, is idle for too long or sends a line that is too long.</summary>
    public async Task Run(TimeSpan idleTimeout, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var end = 0; ;)
        {
            using var idle = new CancellationTokenSource(idleTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
            var count = await socket.ReceiveAsync(_received.AsMemory(end), either.Token).ConfigureAwait(false);
            end += count;
            var start = 0;
            while (_received.AsSpan(start, end - start).IndexOf((byte)'\n') is var length and >= 0)
            {
                await Take(start, length, either.Token).ConfigureAwait(false);
                start += length + 1;
            }

            end -= start;
            _received.AsSpan(start, end).CopyTo(_received);
            if (count == 0 || end == _received.Length)
            {
                // The last line may have no line end. After a line that is too long, the beginning of the next one is unknown.
                await Take(0, end, either.Token).ConfigureAwait(false);
                return;
            }
        }
    }

    private async ValueTask Take(int start, int length, CancellationToken cancellationToken)
    {
        if (length > 0 && _received[start + length - 1] == '\r')
            length--;
        if (length == 0 || intake.Take(peer, _received.AsSpan(start, length)) is not (var fault and not ExternalFault.None))
            return;
        var answer = new byte[512];
        var written = ResponseWriter.Write(answer, new Response { Status = ResponseStatus.Invalid, Error = ExternalFaults.Describe(fault) });
        answer[written] = (byte)'\n';
        await socket.SendAsync(answer.AsMemory(0, written + 1), cancellationToken).ConfigureAwait(false);
    }
}
