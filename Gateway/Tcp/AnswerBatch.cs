using Shortline.Gateway.Udp;

namespace Shortline.Gateway.Tcp;

/// <summary>
/// Collects answers and sends each to the source of its request: datagrams to the socket, lines to their connections. Not safe for several
/// threads.
/// </summary>
/// <param name="datagrams">The batch for datagrams; null if requests come only from connections.</param>
/// <param name="connections">The open connections.</param>
internal sealed class AnswerBatch(IUdpSendBatch? datagrams, TcpConnections connections) : IDisposable
{
    private readonly List<TcpConnection> _written = [];
    private byte[] _line = new byte[1024];
    private PeerAddress _to;

    /// <summary>Returns memory for one answer of at most <paramref name="size"/> bytes (0 to 65,507), valid until the next call.</summary>
    public Span<byte> Reserve(in PeerAddress to, int size)
    {
        _to = to;
        if (!to.IsConnection)
            return datagrams!.Reserve(size);

        if (size > _line.Length)
            _line = new byte[size];
        return _line.AsSpan(0, size);
    }

    /// <summary>Adds the first <paramref name="length"/> bytes of the reserved memory as an answer.</summary>
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

    /// <summary>Sends the collected answers.</summary>
    public void Flush()
    {
        datagrams?.Flush();
        foreach (var connection in _written)
            connection.Send();
        _written.Clear();
    }

    public void Dispose() => datagrams?.Dispose();
}
