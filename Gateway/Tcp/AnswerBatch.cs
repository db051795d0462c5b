namespace Shortline.Gateway;

/// <summary>Gathers answers, and gives each to where its request came from: datagrams to the socket, lines to their connections. One owner at a time.</summary>
/// <param name="datagrams">Where datagrams are gathered; null if there are none to answer.</param>
/// <param name="connections">The connections.</param>
internal sealed class AnswerBatch(IUdpSendBatch? datagrams, TcpConnections connections) : IDisposable
{
    private readonly List<TcpConnection> _written = [];
    private byte[] _line = new byte[1024];
    private PeerAddress _to;

    /// <summary>Room to write one answer of at most <paramref name="size"/> bytes (0 to 65,507), valid until the next call.</summary>
    public Span<byte> Reserve(in PeerAddress to, int size)
    {
        _to = to;
        if (!to.IsConnection)
            return datagrams!.Reserve(size);

        if (size > _line.Length)
            _line = new byte[size];
        return _line.AsSpan(0, size);
    }

    /// <summary>Makes the first <paramref name="length"/> bytes of the reserved room an answer.</summary>
    public void Commit(int length)
    {
        if (!_to.IsConnection)
        {
            datagrams!.Commit(_to, length);
        }
        else if (connections.Find(_to) is { } connection && connection.Write(_line.AsSpan(0, length)))
        {
            _written.Add(connection);
        }
    }

    /// <summary>Sends what is gathered.</summary>
    public void Flush()
    {
        datagrams?.Flush();
        foreach (var connection in _written)
            connection.Send();
        _written.Clear();
    }

    public void Dispose() => datagrams?.Dispose();
}
