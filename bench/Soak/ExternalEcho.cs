using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Shortline.Bench.Soak;

/// <summary>An external server that echoes, as docs/external.md describes it, until it is disposed of.</summary>
internal sealed class ExternalEcho : IAsyncDisposable
{
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    /// <param name="identity">Its name.</param>
    /// <param name="gateway">The gateway's <c>server_side_port</c>.</param>
    internal ExternalEcho(string identity, IPEndPoint gateway)
    {
        var port = ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;
        _work = Task.WhenAll(Task.Run(() => Report(identity, port, gateway)), Task.Run(Answer));
    }

    /// <summary>Leaves the fleet and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task Report(string identity, int port, IPEndPoint gateway)
    {
        using var period = new PeriodicTimer(ReportPeriod, TimeProvider.System);
        try
        {
            do
                await Send("ready");
            while (await period.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            await Send("stopped");
        }

        async Task Send(string status) =>
            await _socket.SendAsync(Encoding.ASCII.GetBytes($$"""{"identity":"{{identity}}","port":{{port}},"queue_length":0,"status":"{{status}}"}"""), gateway, CancellationToken.None);
    }

    private async Task Answer()
    {
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(_end.Token);
                var request = JsonNode.Parse(received.Buffer)!;
                var answer = new JsonObject { ["id"] = request["id"]?.DeepClone(), ["status"] = "ok", ["result"] = request["payload"]?.DeepClone() };
                await _socket.SendAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()), received.RemoteEndPoint, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The server leaves.
        }
    }
}
