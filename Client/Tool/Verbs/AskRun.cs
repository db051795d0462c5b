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
/// <param name="tls">How the connection is encrypted; null if it is not.</param>
/// <param name="timeout">How long the answer may take.</param>
/// <param name="input">Standard input.</param>
/// <param name="output">Receives the answer.</param>
/// <param name="error">Receives the message if there is no answer.</param>
internal sealed class AskRun(
    string? request, IPEndPoint gateway, bool isTcp, ClientTlsOptions? tls, TimeSpan timeout, TextReader input, TextWriter output, TextWriter error)
{
    /// <summary>The exit code if the answer has another status than <c>ok</c>.</summary>
    public const int NotOk = 3;

    /// <summary>The exit code if no answer came.</summary>
    public const int NoAnswer = 4;

    private const string NobodyListens = "no process listens there";

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var text = (request ?? await input.ReadToEndAsync(stop)).TrimEnd('\r', '\n');
        using var late = new CancellationTokenSource(timeout, TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        byte[]? answer = null;
        string cause;
        try
        {
            (answer, cause) = await (isTcp ? AskLineAsync(text, end.Token) : AskDatagramAsync(text, end.Token));
        }
        catch (SocketException fault)
        {
            cause = fault.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset ? NobodyListens : fault.Message;
        }
        catch (IOException fault)
        {
            cause = fault.Message;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            cause = $"it did not answer within {timeout.TotalSeconds:0.###} s";
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

    private async Task<(byte[]? Answer, string Cause)> AskDatagramAsync(string text, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > RequestParser.MaxDatagram)
            throw new StartFailedException($"The request has {bytes.Length} bytes; a datagram has at most {RequestParser.MaxDatagram}.");
        using var socket = new Socket(gateway.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(gateway, cancellation);
        await socket.SendAsync(bytes, cancellation);
        var answer = new byte[RequestParser.MaxDatagram];
        return (answer[..await socket.ReceiveAsync(answer, cancellation)], "");
    }

    private async Task<(byte[]? Answer, string Cause)> AskLineAsync(string text, CancellationToken cancellation)
    {
        var dialing = new Dialing(tls, TimeProvider.System);
        using var connection = await dialing.Dial(gateway, cancellation);
        if (connection is null)
            return (null, dialing.Fault ?? NobodyListens);
        await connection.SendAsync(Encoding.UTF8.GetBytes(text + "\n"), cancellation);
        var lines = new ResponseLines();
        while (!lines.IsOverlong)
        {
            var count = await connection.ReceiveAsync(lines.Room(), cancellation);
            lines.Received(count);
            if (count == 0)
                break;
            if (lines.TryNext(out var line))
                return (line.ToArray(), "");
        }

        return (null, tls is null ? "it closed the connection; it may require TLS (--tls)" : "it closed the connection");
    }
}
