using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Shortline.Unit.Tests.Client;

/// <summary>A gateway, or a server, that speaks lines on a free loopback port, and treats each connection as a test tells it to.</summary>
internal sealed class FakeLineGateway : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Peer, Task> _serve;
    private readonly ConcurrentBag<Peer> _peers = [];
    private int _connections;

    /// <param name="serve">What is done with each connection; at its end the connection is closed.</param>
    /// <param name="at">Where to listen; a free port if null.</param>
    public FakeLineGateway(Func<Peer, Task> serve, IPEndPoint? at = null)
    {
        _serve = serve;
        _listener.Bind(at ?? new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _listener.Listen();
        _ = Task.Run(Accept); // off the test's context, in which xunit starts a thread for each continuation
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Connections that were taken in.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The ids that came, in order, on all connections.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Answers everything <c>ok</c>, as a server of this name.</summary>
    public static FakeLineGateway Echo(string server = "0", IPEndPoint? at = null) => new(
        async peer =>
        {
            while (await peer.Read() is { } id)
                await peer.Write(FakeGateway.Ok(id, server) + "\n");
        },
        at);

    /// <summary>Where no process listens.</summary>
    public static IPEndPoint Nobody()
    {
        using var gone = Echo();
        return gone.EndPoint;
    }

    /// <summary>Ends all connections as the end of a process does, and takes no more in.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        foreach (var peer in _peers)
            peer.Reset();
    }

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                var peer = new Peer(await _listener.AcceptAsync(), this, Interlocked.Increment(ref _connections));
                _peers.Add(peer);
                _ = Serve(peer);
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Serve(Peer peer)
    {
        try
        {
            await _serve(peer);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            // Its client has gone, or it was reset.
        }
        finally
        {
            peer.Dispose();
        }
    }

    /// <summary>One connection.</summary>
    internal sealed class Peer(Socket socket, FakeLineGateway gateway, int number) : IDisposable
    {
        private readonly StreamReader _reader = new(new NetworkStream(socket));

        /// <summary>1 for the first connection.</summary>
        public int Number => number;

        public Socket Socket => socket;

        /// <summary>The last request, as it came.</summary>
        public JsonElement Request { get; private set; }

        /// <summary>The id of the next request, as JSON; null when the client closes. Probes are answered here.</summary>
        public async Task<string?> Read()
        {
            while (await _reader.ReadLineAsync() is { } line)
            {
                Request = JsonDocument.Parse(line).RootElement;
                if (!Request.TryGetProperty("id", out var id))
                {
                    await Write("[]\n");
                    continue;
                }

                gateway.Seen.Enqueue(id.GetRawText());
                return id.GetRawText();
            }

            return null;
        }

        public async Task Write(string text) => await Write(Encoding.UTF8.GetBytes(text));

        public async Task Write(ReadOnlyMemory<byte> bytes)
        {
            while (bytes.Length > 0)
                bytes = bytes[await socket.SendAsync(bytes)..];
        }

        /// <summary>Closes it so that the client sees a reset.</summary>
        public void Reset()
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                // It has gone already.
            }

            socket.Dispose();
        }

        public void Dispose()
        {
            _reader.Dispose();
            socket.Dispose();
        }
    }
}
