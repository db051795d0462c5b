using System.Net.Sockets;

namespace Shortline.Bench.Load;

/// <summary>The clients that a generator plays, all on one thread.</summary>
internal sealed class LoadPeers : IDisposable
{
    /// <summary>Most peers: what one system call may wait for on every system.</summary>
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

    /// <summary>The peer that has a place among the outstanding requests.</summary>
    internal LoadPeer Of(int place) => _peers[place % _peers.Length];

    /// <summary>Waits until at least one has something to read; its <see cref="LoadPeer.Receiver"/> then does not block.</summary>
    /// <returns>Those that have; valid until the next call.</returns>
    internal IReadOnlyList<LoadPeer> WaitForAnswers()
    {
        // One peer waits in its receiver: that is a system call less in the time of a lone request.
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
