using System.Net;
using System.Net.Sockets;
using Shortline.Gateway.Udp;

namespace Shortline.Bench.Echo;

/// <summary>The echo servers in .NET. A hidden verb runs each in a process of its own.</summary>
internal static class EchoProcess
{
    internal const string Verb = "echo";
    internal const string PlainLoop = "loop";
    internal const string BatchedSockets = "batched";
    internal const string PortableSockets = "portable";
    internal const string WildcardSockets = "wildcard";

    // The same for every target; otherwise losses would measure the buffer.
    private const int BufferBytes = 4 * 1024 * 1024;

    internal static int Run(string kind)
    {
        EndWithParent();
        if (kind == PlainLoop)
            EchoByPlainLoop();
        else
            EchoByTransport(kind == WildcardSockets ? IPAddress.Any : IPAddress.Loopback, forcePortable: kind == PortableSockets);
        return 0;
    }

    /// <summary>A fast echo in plain .NET: one thread, blocking calls, no allocation.</summary>
    private static void EchoByPlainLoop()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = BufferBytes;
        socket.SendBufferSize = BufferBytes;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Announce((IPEndPoint)socket.LocalEndPoint!);
        var buffer = GC.AllocateArray<byte>(65_536, pinned: true);
        var peer = new SocketAddress(AddressFamily.InterNetwork);
        while (true)
        {
            var length = socket.ReceiveFrom(buffer, SocketFlags.None, peer);
            socket.SendTo(buffer.AsSpan(0, length), SocketFlags.None, peer);
        }
    }

    /// <summary>An echo on the gateway's own sockets: the cost of the front door without the balancer.</summary>
    private static void EchoByTransport(IPAddress address, bool forcePortable)
    {
        var options = new UdpSocketOptions
        {
            ForcePortable = forcePortable,
            ReceiveBufferBytes = BufferBytes,
            SendBufferBytes = BufferBytes,
        };
        using var transport = UdpTransports.Bind(new IPEndPoint(address, 0), options);
        using var receiver = transport.CreateReceiver(64);
        using var batch = transport.CreateSendBatch(64);
        Announce(transport.LocalEndPoint);
        while (receiver.Receive() is var count and > 0)
        {
            for (var i = 0; i < count; i++)
            {
                var datagram = receiver.Request(i);
                datagram.CopyTo(batch.Reserve(datagram.Length));
                batch.Commit(in receiver.Peer(i), datagram.Length);
            }

            batch.Flush();
        }
    }

    private static void Announce(IPEndPoint endPoint) => Console.WriteLine($"{ChildProcess.Listening}{endPoint.Port}");

    /// <summary>Ends this process when standard input ends, which happens when the parent ends in any way.</summary>
    private static void EndWithParent()
    {
        var watcher = new Thread(() =>
        {
            while (Console.In.Read() >= 0) { }
            Environment.Exit(0);
        })
        {
            IsBackground = true,
        };
        watcher.Start();
    }
}
