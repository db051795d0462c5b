using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.Gateway.Udp;
using Shortline.Gateway.Udp.Linux;

namespace Shortline.Unit.Tests.Gateway.Udp;

/// <summary>Base class of the tests of the UDP transports. Every test runs on each implementation that this system supports.</summary>
public abstract class UdpTheory
{
    private protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Implementations { get; } = UdpTransports.HasBatches ? ["portable", "batched"] : ["portable"];

    private protected static IUdpTransport Bind(string implementation, IPAddress? address = null, UdpSocketOptions? options = null)
    {
        options = (options ?? new UdpSocketOptions()) with { ForcePortable = implementation == "portable" };
        var transport = UdpTransports.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0), options);
        Assert.Equal(implementation == "batched", transport is LinuxUdpTransport);
        return transport;
    }

    /// <summary>Makes a peer that is a plain socket, not one of the transports.</summary>
    private protected static Socket Peer(IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 4 * 1024 * 1024,
            ReceiveTimeout = (int)Limit.TotalMilliseconds,
        };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    /// <summary>Runs on a thread of its own, because blocking receives must not depend on the thread pool.</summary>
    private protected static Task<T> OnOwnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// Receives the expected number of datagrams. After 10 s it stops the receiver and fails with the number that arrived.
    /// </summary>
    private protected static async Task<List<(PeerAddress Peer, byte[] Bytes)>> ReceiveAsync(
        IUdpTransport transport,
        IUdpReceiver receiver,
        int expected
    )
    {
        var received = new List<(PeerAddress, byte[])>();
        var receiving = OnOwnThread(() =>
        {
            while (received.Count < expected)
            {
                var count = receiver.Receive();
                if (count < 0)
                    break;
                for (var i = 0; i < count; i++)
                {
                    Assert.False(receiver.Truncated(i));
                    received.Add((receiver.Peer(i), receiver.Request(i).ToArray()));
                }
            }

            return received;
        });
        try
        {
            return await receiving.WaitAsync(Limit);
        }
        catch (TimeoutException late)
        {
            transport.Shutdown();
            await receiving.WaitAsync(Limit);
            throw new TimeoutException($"{received.Count} of {expected} datagrams arrived within {Limit}.", late);
        }
    }

    private protected static void Send(IUdpSendBatch batch, PeerAddress peer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(batch.Reserve(bytes.Length));
        batch.Commit(in peer, bytes.Length);
    }

    private protected static byte[] Pattern(int length, int seed)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)((i * 31) + (i >> 8) + seed);
        return bytes;
    }

    private protected static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private protected static PeerAddress AddressOf(Socket socket) => PeerAddress.From((IPEndPoint)socket.LocalEndPoint!);
}
