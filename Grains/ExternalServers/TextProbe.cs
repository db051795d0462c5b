using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shortline.Grains.ExternalServers;

/// <summary>Probes an external server that speaks the text protocol.</summary>
internal static class TextProbe
{
    private static readonly byte[] Question = "test_response_time"u8.ToArray();

    /// <summary>Connects, sends <c>test_response_time</c> and waits for <c>alive</c>.</summary>
    /// <returns>Whether that answer came, and what came instead; null if nothing did.</returns>
    public static async Task<(bool IsAlive, string? Instead)> Ask(IPEndPoint server, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(Question, cancellationToken).ConfigureAwait(false);

            // A command of this protocol has no end mark. The end of the stream is one for servers that wait for it.
            socket.Shutdown(SocketShutdown.Send);
            var (answer, length) = (new byte[16], 0);
            while (length < "alive"u8.Length)
            {
                var count = await socket.ReceiveAsync(answer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (count == 0)
                    return (false, length == 0 ? "the end of the connection" : TextOf(answer, length));
                length += count;
            }

            return answer.AsSpan(0, length).StartsWith("alive"u8) ? (true, null) : (false, TextOf(answer, length));
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return (false, null);
        }
    }

    private static string TextOf(byte[] answer, int length) => $"'{Encoding.UTF8.GetString(answer, 0, length)}'";
}
