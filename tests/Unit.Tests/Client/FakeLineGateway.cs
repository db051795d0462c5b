using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Shortline.Unit.Tests.Client;

/// <summary>A gateway or server that speaks lines over TCP on a loopback port. The test serves each connection.</summary>
internal sealed class FakeLineGateway : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<Peer, Task> _serve;
    private readonly ConcurrentBag<Peer> _peers = [];
    private int _connections;

    /// <param name="serve">Serves one connection, which is closed when it returns.</param>
    /// <param name="at">The endpoint to listen on; a free port if null.</param>
    public FakeLineGateway(Func<Peer, Task> serve, IPEndPoint? at = null)
    {
        _serve = serve;
        _listener.Bind(at ?? new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _listener.Listen();
        _ = Task.Run(Accept); // Not on the test's context, in which xunit starts a thread for each continuation.
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The number of accepted connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The ids of the requests on all connections, in the order of their arrival.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Answers every request with <c>ok</c>, as the server of this id.</summary>
    public static FakeLineGateway Echo(string server = "0", IPEndPoint? at = null) => new(
        async peer =>
        {
            while (await peer.Read() is { } id)
                await peer.Write(FakeGateway.Ok(id, server) + "\n");
        },
        at);

    /// <summary>Resets all connections, as the end of a process does, and accepts no more.</summary>
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
            // The client is gone, or the connection was reset.
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

        /// <summary>The number of the connection: 1 for the first one.</summary>
        public int Number => number;

        public Socket Socket => socket;

        /// <summary>The last request.</summary>
        public JsonElement Request { get; private set; }

        /// <summary>Reads the next request and returns its id as JSON; null when the client closes. Answers probes itself.</summary>
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

        /// <summary>Closes the connection so that the client sees a reset.</summary>
        public void Reset()
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                // The socket is closed already.
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
