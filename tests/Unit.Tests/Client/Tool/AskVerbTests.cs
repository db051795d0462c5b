using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.Client.Tool;
using Shortline.Client.Tool.Verbs;

namespace Shortline.Unit.Tests.Client.Tool;

/// <summary>The verb <c>ask</c>.</summary>
public sealed class AskVerbTests
{
    private const string Request = """{"id":"1","operation":"echo","payload":"hello"}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prints_an_ok_answer_unchanged_and_exits_with_0(bool tcp)
    {
        using var gateway = new RawGateway(tcp, request => $$"""{"status":"ok",  "result":{{request}}}""");
        var (code, output, error) = await Ask(gateway.EndPoint, tcp, "", Request);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal($$"""{"status":"ok",  "result":{{Request}}}""", output.TrimEnd());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sends_a_malformed_request_unchanged_and_exits_with_3_if_the_status_is_not_ok(bool tcp)
    {
        using var gateway = new RawGateway(tcp, request => $$"""{"status":"invalid","error":"{{request}}"}""");
        var (code, output, error) = await Ask(gateway.EndPoint, tcp, "", "{nonsense");
        Assert.Equal((AskRun.NotOk, ""), (code, error));
        Assert.Equal("""{"status":"invalid","error":"{nonsense"}""", output.TrimEnd());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exits_with_4_and_a_hint_if_no_gateway_listens(bool tcp)
    {
        using var unused = new UnusedEndPoint();
        var (code, output, error) = await Ask(unused.EndPoint, tcp, "", Request);
        Assert.Equal((AskRun.NoAnswer, ""), (code, output));
        Assert.StartsWith($"No answer from {unused.EndPoint} over {(tcp ? "TCP" : "UDP")}: no process listens there. Check that a gateway runs", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exits_with_4_after_the_timeout_if_the_gateway_is_silent(bool tcp)
    {
        using var gateway = new RawGateway(tcp, _ => null);
        var (code, output, error) = await Ask(gateway.EndPoint, tcp, "", Request, "--timeout", "50ms");
        Assert.Equal((AskRun.NoAnswer, ""), (code, output));
        Assert.Contains("it did not answer within 0.05 s", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-")]
    [InlineData(null)]
    public async Task Sends_standard_input_if_there_is_no_argument(string? argument)
    {
        using var gateway = new RawGateway(tcp: false, request => $$"""{"status":"ok","result":{{request}}}""");
        var (code, output, _) = await Ask(gateway.EndPoint, tcp: false, Request + "\n", argument is null ? [] : [argument]);
        Assert.Equal(0, code);
        Assert.Contains(Request, output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> Ask(IPEndPoint gateway, bool tcp, string input, params string[] args)
    {
        using var reader = new StringReader(input);
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] all = ["ask", .. args, "--gateway", $"{gateway}", .. tcp ? ["--tcp"] : Array.Empty<string>(), "--logs:directory="];
        var code = await ToolProgram.RunAsync(all, reader, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>A gateway that answers one raw request over UDP or TCP, or stays silent if the answer is null.</summary>
    private sealed class RawGateway : IDisposable
    {
        private readonly Socket _socket;

        public RawGateway(bool tcp, Func<string, string?> answer)
        {
            _socket = tcp
                ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
                : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            if (tcp)
                _socket.Listen();
            _ = Task.Run(() => tcp ? ServeTcp(answer) : ServeUdp(answer));
        }

        public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

        public void Dispose() => _socket.Dispose();

        private async Task ServeUdp(Func<string, string?> answer)
        {
            var buffer = new byte[65_536];
            var received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
            if (answer(Encoding.UTF8.GetString(buffer, 0, received.ReceivedBytes)) is { } text)
                await _socket.SendToAsync(Encoding.UTF8.GetBytes(text), received.RemoteEndPoint);
        }

        private async Task ServeTcp(Func<string, string?> answer)
        {
            using var peer = await _socket.AcceptAsync();
            using var reader = new StreamReader(new NetworkStream(peer));
            if (answer(await reader.ReadLineAsync() ?? "") is { } text)
                await peer.SendAsync(Encoding.UTF8.GetBytes(text + "\n"));
            await reader.ReadLineAsync(); // Returns when the client closes.
        }
    }
}
