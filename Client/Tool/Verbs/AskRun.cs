using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.Client.Tcp;
using Shortline.Hosting.Start;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Verbs;

/// <summary>
/// Sends one raw request and prints the answer as it came. The request is not parsed, so that the gateway's answer to a malformed one can
/// be seen, and not repeated.
/// </summary>
/// <param name="request">The request; null reads it from <paramref name="input"/>.</param>
/// <param name="gateway">The gateway.</param>
/// <param name="isTcp">Whether the request is sent over TCP.</param>
/// <param name="timeout">How long the answer may take.</param>
/// <param name="input">Standard input.</param>
/// <param name="output">Receives the answer.</param>
/// <param name="error">Receives the message if there is no answer.</param>
internal sealed class AskRun(string? request, IPEndPoint gateway, bool isTcp, TimeSpan timeout, TextReader input, TextWriter output, TextWriter error)
{
    /// <summary>The exit code if the answer has another status than <c>ok</c>.</summary>
    public const int NotOk = 3;

    /// <summary>The exit code if no answer came.</summary>
    public const int NoAnswer = 4;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var text = (request ?? await input.ReadToEndAsync(stop)).TrimEnd('\r', '\n');
        var bytes = Encoding.UTF8.GetBytes(isTcp ? text + "\n" : text);
        if (!isTcp && bytes.Length > RequestParser.MaxDatagram)
            throw new StartFailedException($"The request has {bytes.Length} bytes; a datagram has at most {RequestParser.MaxDatagram}.");
        using var socket = isTcp
            ? new Socket(gateway.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(gateway.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        using var late = new CancellationTokenSource(timeout, TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        byte[]? answer;
        var cause = $"it did not answer within {timeout.TotalSeconds:0.###} s";
        try
        {
            await socket.ConnectAsync(gateway, end.Token);
            for (var rest = bytes.AsMemory(); ;)
            {
                rest = rest[await socket.SendAsync(rest, end.Token)..];
                if (rest.IsEmpty)
                    break;
            }

            answer = await ReceiveAsync(socket, end.Token);
            if (answer is null)
                cause = "it closed the connection";
        }
        catch (SocketException fault)
        {
            answer = null;
            cause = fault.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset ? "no process listens there" : fault.Message;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            answer = null;
        }

        if (answer is null)
        {
            await error.WriteLineAsync(
                $"No answer from {gateway} over {(isTcp ? "TCP" : "UDP")}: {cause}. Check that a gateway runs (dotnet run --project Silo -- --gateway) and that --gateway names its address and port.");
            return NoAnswer;
        }

        await output.WriteLineAsync(Encoding.UTF8.GetString(answer));
        return ResponseParser.TryParse(answer, out var response) && response.Status == ResponseStatus.Ok ? 0 : NotOk;
    }

    /// <summary>Receives one datagram, or one line without its end.</summary>
    /// <returns>The bytes; null if the gateway closed the connection without an answer.</returns>
    private async Task<byte[]?> ReceiveAsync(Socket socket, CancellationToken cancellation)
    {
        if (!isTcp)
        {
            var datagram = new byte[RequestParser.MaxDatagram];
            return datagram[..await socket.ReceiveAsync(datagram, cancellation)];
        }

        var lines = new ResponseLines();
        while (!lines.IsOverlong)
        {
            var count = await socket.ReceiveAsync(lines.Room(), cancellation);
            if (count == 0)
                return null;
            lines.Received(count);
            if (lines.TryNext(out var line))
                return line.ToArray();
        }

        return null;
    }
}
