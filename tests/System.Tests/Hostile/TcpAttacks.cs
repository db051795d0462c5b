using System.Net;
using System.Net.Sockets;

namespace Shortline.System.Tests.Hostile;

/// <summary>Connections that are up to no good.</summary>
internal static class TcpAttacks
{
    /// <summary>Connections at the same time.</summary>
    private const int Connections = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Opens connections and closes them at once, some by a reset.</summary>
    /// <returns>The number of connections.</returns>
    internal static Task<long> OpenAndClose(IPEndPoint gateway, CancellationToken stop) => Each(gateway, (socket, count, _) =>
    {
        if (count() % 2 == 0)
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        return Task.CompletedTask;
    }, stop);

    /// <summary>Opens connections and sends nothing.</summary>
    internal static Task<long> StaySilent(IPEndPoint gateway, CancellationToken stop) => Each(gateway, async (socket, count, token) =>
    {
        count();
        await UntilClosed(socket, token);
    }, stop);

    /// <summary>Sends a request byte by byte, and never its end.</summary>
    /// <returns>The number of bytes.</returns>
    internal static Task<long> WriteSlowly(IPEndPoint gateway, CancellationToken stop) => Each(gateway, async (socket, count, token) =>
    {
        var text = """{"id":"1","operation":"echo","payload":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"""u8.ToArray();
        for (var i = 0; ; i = Math.Min(i + 1, text.Length - 1))
        {
            await socket.SendAsync(text.AsMemory(i, 1), token);
            count();
            await Task.Delay(Pause, TimeProvider.System, token);
        }
    }, stop);

    /// <summary>Sends requests with large answers and reads none of these.</summary>
    /// <returns>The number of requests.</returns>
    internal static Task<long> NeverRead(IPEndPoint gateway, CancellationToken stop) => Each(gateway, async (socket, count, token) =>
    {
        for (var i = 0; ; i++)
        {
            await SendAll(socket, $$"""{"id":"{{i}}","operation":"echo","payload":"{{new string('x', 50_000)}}"}""" + "\n", token);
            count();
        }
    }, stop);

    /// <summary>Sends a line without an end.</summary>
    /// <returns>The number of bytes.</returns>
    internal static Task<long> NeverEndLine(IPEndPoint gateway, CancellationToken stop) => Each(gateway, async (socket, count, token) =>
    {
        await SendAll(socket, "{\"id\":\"", token);
        while (true)
        {
            await SendAll(socket, new string('y', 1000), token);
            for (var i = 0; i < 1000; i++)
                count();
        }
    }, stop);

    /// <summary>Sends commands of the text protocol, and reads no answer.</summary>
    /// <returns>The number of commands.</returns>
    internal static Task<long> NeverEndCommands(IPEndPoint gateway, CancellationToken stop) => Each(gateway, async (socket, count, token) =>
    {
        while (true)
        {
            await SendAll(socket, "req_sv_loc", token);
            count();
        }
    }, stop);

    /// <summary>Keeps connections open, each in a loop of its own: the gateway may close them whenever it wants.</summary>
    private static async Task<long> Each(IPEndPoint gateway, Func<Socket, Func<long>, CancellationToken, Task> use, CancellationToken stop)
    {
        var count = 0L;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => Repeat())));
        return count;

        async Task Repeat()
        {
            while (!stop.IsCancellationRequested)
            {
                using var socket = new Socket(gateway.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(gateway, stop);
                    await use(socket, () => Interlocked.Increment(ref count), stop);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (SocketException)
                {
                    // The gateway has had enough of this connection.
                    await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
                }
            }
        }
    }

    private static async Task UntilClosed(Socket socket, CancellationToken token)
    {
        var bytes = new byte[1024];
        while (await socket.ReceiveAsync(bytes, token) > 0)
        {
        }
    }

    private static async Task SendAll(Socket socket, string text, CancellationToken token)
    {
        for (ReadOnlyMemory<byte> rest = global::System.Text.Encoding.UTF8.GetBytes(text); rest.Length > 0;)
            rest = rest[await socket.SendAsync(rest, token)..];
    }
}
