using Shortline.Gateway.Udp;

namespace Shortline.Gateway.Tcp;

/// <summary>
/// The open connections by number. A generation distinguishes connections that have the same number one after the other, so that a late
/// answer never reaches another client.
/// </summary>
internal sealed class TcpConnections(int limit)
{
    /// <summary>Room at first: most servers' own ports never have a connection.</summary>
    private const int FirstRoom = 16;

    private readonly Lock _lock = new();
    private readonly long[] _ended = new long[Enum.GetValues<ConnectionEnd>().Length];
    private TcpConnection?[] _byNumber = new TcpConnection?[Math.Min(limit, FirstRoom)];
    private uint[] _generations = new uint[Math.Min(limit, FirstRoom)];
    private int _searchFrom;

    /// <summary>The number of open connections.</summary>
    public int Count { get; private set; }

    /// <summary>The number of connections that the gateway closed, by <see cref="ConnectionEnd"/>.</summary>
    public ReadOnlySpan<long> Ended => _ended;

    /// <summary>Counts a connection that the gateway closes.</summary>
    public void CountEnd(ConnectionEnd why) => Interlocked.Increment(ref _ended[(int)why]);

    /// <summary>Adds a connection under a free number.</summary>
    /// <param name="make">Creates the connection from its number and generation.</param>
    /// <returns>The connection, or null if the limit is reached.</returns>
    public TcpConnection? Add(Func<int, uint, TcpConnection> make)
    {
        lock (_lock)
        {
            if (Count == limit)
                return null;

            if (Count == _byNumber.Length)
                Grow();
            while (_byNumber[_searchFrom] is not null)
                _searchFrom = (_searchFrom + 1) % _byNumber.Length;

            // Counted only after it is created, which fails if the client has already disconnected.
            var connection = make(_searchFrom, ++_generations[_searchFrom]);
            Count++;
            return _byNumber[_searchFrom] = connection;
        }
    }

    /// <summary>Removes a closed connection.</summary>
    public void Remove(TcpConnection connection)
    {
        lock (_lock)
        {
            ref var place = ref _byNumber[connection.Address.Connection];
            if (place != connection)
                return;
            place = null;
            Count--;
        }
    }

    /// <summary>Returns the connection of an address, or null if it is closed.</summary>
    public TcpConnection? Find(in PeerAddress address)
    {
        // The array may be replaced meanwhile by a larger one with the same connections.
        var connection = Volatile.Read(ref Volatile.Read(ref _byNumber)[address.Connection]);
        return connection?.Address.Generation == address.Generation ? connection : null;
    }

    /// <summary>Returns a snapshot of the open connections.</summary>
    public List<TcpConnection> All()
    {
        lock (_lock)
            return [.. _byNumber.OfType<TcpConnection>()];
    }

    private void Grow()
    {
        var room = (int)Math.Min(limit, 2L * _byNumber.Length);
        var (byNumber, generations) = (new TcpConnection?[room], new uint[room]);
        _byNumber.CopyTo(byNumber, 0);
        _generations.CopyTo(generations, 0);
        (_searchFrom, _generations) = (_byNumber.Length, generations);
        Volatile.Write(ref _byNumber, byNumber);
    }
}

/// <summary>Why the gateway closed a connection.</summary>
internal enum ConnectionEnd
{
    /// <summary>The limit of connections was reached.</summary>
    TurnedAway,

    /// <summary>The connection was idle for too long.</summary>
    Idle,

    /// <summary>The client did not read its answers.</summary>
    Unread,

    /// <summary>The client sent an unknown command, or one that this port does not serve.</summary>
    BadCommand,

    /// <summary>The TLS handshake failed: the client does not use TLS, or does not accept the certificate.</summary>
    NotEncrypted,
}
