using System.Net;
using System.Net.Sockets;
using Shortline.Bench.Load;

namespace Shortline.Bench.Connections;

/// <summary>A connection that sends one request, closes its side and reads until the gateway closes the other.</summary>
internal static class OneRequest
{
    /// <summary>
    /// Local addresses that the connections come from. A closed connection keeps its pair of ports for a minute, and one address has fewer
    /// than 30,000 of them.
    /// </summary>
    private const int Addresses = 200;

    private const int LongestAnswer = 4096;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Whether the answer is <c>ok</c>.</summary>
    internal static async Task<bool> IsAnsweredAsync(int port, int number, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + (number % Addresses))]), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port, stop.Token);
            await socket.SendAsync((byte[])[.. EchoRequest.Create((ulong)number), (byte)'\n'], stop.Token);
            socket.Shutdown(SocketShutdown.Send);
            var answer = new byte[LongestAnswer];
            var length = 0;
            while (length < LongestAnswer && await socket.ReceiveAsync(answer.AsMemory(length), stop.Token) is var count and > 0)
                length += count;
            return EchoRequest.IsOk(answer.AsSpan(0, length));
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && limit.IsCancellationRequested))
        {
            return false;
        }
    }
}
