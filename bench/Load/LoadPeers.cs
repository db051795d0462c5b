using System.Net.Sockets;

namespace Shortline.Bench.Load;

/// <summary>The simulated clients of the load generator, all on one thread.</summary>
internal sealed class LoadPeers : IDisposable
{
    /// <summary>The most peers: as many as one system call can wait for on every system.</summary>
    internal const int Limit = 256;

    private readonly LoadPeer[] _peers;
    private readonly Dictionary<Socket, LoadPeer> _bySocket;
    private readonly List<Socket> _sockets = [];
    private readonly List<LoadPeer> _ready = [];

    internal LoadPeers(int count)
    {
        _peers = [.. Enumerable.Range(0, count).Select(_ => new LoadPeer())];
        _bySocket = _peers.ToDictionary(peer => peer.Socket);
    }

    /// <summary>Returns the peer of a slot of the outstanding requests.</summary>
    internal LoadPeer Of(int slot) => _peers[slot % _peers.Length];

    /// <summary>Waits until at least one peer has something to read, so that its <see cref="LoadPeer.Receiver"/> does not block.</summary>
    /// <returns>The peers with something to read; valid until the next call.</returns>
    internal IReadOnlyList<LoadPeer> WaitForResponses()
    {
        // A single peer waits in its receiver, which saves a system call per request.
        if (_peers.Length == 1)
            return _peers;
        _sockets.Clear();
        foreach (var peer in _peers)
            _sockets.Add(peer.Socket);
        Socket.Select(_sockets, null, null, Timeout.InfiniteTimeSpan);
        _ready.Clear();
        foreach (var socket in _sockets)
            _ready.Add(_bySocket[socket]);
        return _ready;
    }

    internal void Flush()
    {
        foreach (var peer in _peers)
            peer.Requests.Flush();
    }

    public void Dispose()
    {
        foreach (var peer in _peers)
            peer.Dispose();
    }
}
