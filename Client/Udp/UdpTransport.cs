using System.Net;
using Shortline.Client.Requests;
using Shortline.Client.Tcp;

namespace Shortline.Client.Udp;

/// <summary>
/// The UDP sockets of a client, one for each gateway, because only a connected socket learns that no process listens. All are bound at
/// once, so that a lack of ports shows at the start. The sockets of the other gateways get their thread with the first datagram, which may
/// never come.
/// </summary>
internal sealed class UdpTransport : IClientTransport
{
    private readonly Lock _lock = new();
    private readonly DatagramSocket[] _sockets;
    private readonly ReceiveLoop?[] _loops;
    private RequestChannel? _channel;
    private bool _disposed;

    /// <param name="ports">The local ports.</param>
    /// <param name="gateways">All gateways, the client's own first.</param>
    /// <exception cref="NoFreePortException">No local port of the range is free.</exception>
    public UdpTransport(LocalPorts ports, IReadOnlyList<IPEndPoint> gateways)
    {
        _sockets = new DatagramSocket[gateways.Count];
        _loops = new ReceiveLoop?[gateways.Count];
        try
        {
            for (var i = 0; i < gateways.Count; i++)
                _sockets[i] = ports.Open(gateways[i]);
        }
        catch
        {
            foreach (var socket in _sockets)
                socket?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Gateways => _sockets.Length;

    /// <inheritdoc/>
    public bool HasConnections => false;

    /// <summary>The local port to which the client's own gateway responds.</summary>
    public int LocalPort => _sockets[0].LocalPort;

    /// <inheritdoc/>
    public string? ConnectionFault => null;

    /// <inheritdoc/>
    public ServerLocator? Locator => null;

    /// <inheritdoc/>
    public long Connection(int gateway) => 0;

    /// <inheritdoc/>
    public void Probe(int gateway, long connection)
    {
        // Sending the request again serves as a probe, and also replaces a request that was lost.
    }

    /// <inheritdoc/>
    public bool HasHeard(int gateway, long connection, long since) => false;

    /// <inheritdoc/>
    public void Leave(int gateway, long connection)
    {
        // Datagrams have no connection to close.
    }

    /// <inheritdoc/>
    public void ReadFor(RequestChannel channel)
    {
        _channel = channel;
        StartLoop(0);
    }

    /// <inheritdoc/>
    public SendOutcome Send(int gateway, long connection, ReadOnlySpan<byte> request)
    {
        if (Volatile.Read(ref _loops[gateway]) is null)
            StartLoop(gateway);
        return _sockets[gateway].Send(request);
    }

    /// <summary>Closes the sockets and ends their threads.</summary>
    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        for (var i = 0; i < _sockets.Length; i++)
        {
            _sockets[i].Dispose();
            _loops[i]?.Dispose();
        }
    }

    private void StartLoop(int gateway)
    {
        lock (_lock)
        {
            if (!_disposed)
                _loops[gateway] ??= new ReceiveLoop(_sockets[gateway], gateway, _channel!);
        }
    }
}
