namespace Shortline.Gateway;

/// <summary>The open connections by number, so that an answer finds its own, and nobody else's after it has closed.</summary>
internal sealed class TcpConnections(int limit)
{
    private readonly Lock _lock = new();
    private readonly TcpConnection?[] _byNumber = new TcpConnection?[limit];
    private readonly uint[] _generations = new uint[limit];
    private readonly long[] _ended = new long[Enum.GetValues<ConnectionEnd>().Length];
    private int _searchFrom;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Connections that were ended here, by <see cref="ConnectionEnd"/>.</summary>
    public ReadOnlySpan<long> Ended => _ended;

    /// <summary>One was ended here.</summary>
    public void CountEnd(ConnectionEnd why) => Interlocked.Increment(ref _ended[(int)why]);

    /// <summary>Takes a connection in, with a number of its own.</summary>
    /// <param name="make">Makes it of its number and generation.</param>
    /// <returns>The connection, or null if there are as many as there may be.</returns>
    public TcpConnection? Add(Func<int, uint, TcpConnection> make)
    {
        lock (_lock)
        {
            if (Count == limit)
                return null;

            while (_byNumber[_searchFrom] is not null)
                _searchFrom = (_searchFrom + 1) % limit;

            // Not counted if it cannot be made: its client may have gone by now.
            var connection = make(_searchFrom, ++_generations[_searchFrom]);
            Count++;
            return _byNumber[_searchFrom] = connection;
        }
    }

    /// <summary>A connection has closed.</summary>
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

    /// <summary>The connection of an address, or null if it has closed.</summary>
    public TcpConnection? Find(in PeerAddress address)
    {
        var connection = Volatile.Read(ref _byNumber[address.Connection]);
        return connection?.Address.Generation == address.Generation ? connection : null;
    }

    /// <summary>All of them, as they are now.</summary>
    public List<TcpConnection> All()
    {
        lock (_lock)
            return [.. _byNumber.OfType<TcpConnection>()];
    }
}

/// <summary>Why the gateway, and not the client, ended a connection.</summary>
internal enum ConnectionEnd
{
    /// <summary>There were as many as there may be.</summary>
    TurnedAway,

    /// <summary>Nothing happened on it.</summary>
    Idle,

    /// <summary>Its answers were not read.</summary>
    Unread,

    /// <summary>What it sent was no command, or one that is for somebody else.</summary>
    BadCommand,
}
