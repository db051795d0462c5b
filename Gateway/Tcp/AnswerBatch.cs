using Shortline.Gateway.Udp;

namespace Shortline.Gateway.Tcp;

/// <summary>
/// Collects answers and sends each to the source of its request: datagrams to the socket, lines to their connections. Nothing is sent before
/// <see cref="Flush"/>, because the dispatcher adds answers while it holds its lock. Not safe for several threads.
/// </summary>
/// <param name="transport">The transport for datagrams; null if there is none, which drops them.</param>
/// <param name="connections">The open connections.</param>
/// <param name="sendBatch">The maximum number of datagrams sent by one system call.</param>
internal sealed class AnswerBatch(IUdpTransport? transport, TcpConnections connections, int sendBatch) : IDisposable
{
    /// <summary>Batches that are kept. A server that rejects all it had needs more for a moment.</summary>
    private const int KeptBatches = 4;

    private readonly List<IUdpSendBatch> _datagrams = [];
    private readonly List<TcpConnection> _written = [];
    private byte[] _line = new byte[1024];
    private PeerAddress _to;

    /// <summary>The index of the batch that is being filled. Those before it are full.</summary>
    private int _filled;

    /// <summary>Returns memory for one answer of at most <paramref name="size"/> bytes (0 to 65,507), valid until the next call.</summary>
    public Span<byte> Reserve(in PeerAddress to, int size)
    {
        _to = to;
        if (!to.IsConnection && transport is not null)
            return BatchFor(size, transport).Reserve(size);

        if (size > _line.Length)
            _line = new byte[size];
        return _line.AsSpan(0, size);
    }

    /// <summary>Adds the first <paramref name="length"/> bytes of the reserved memory as an answer.</summary>
    public void Commit(int length)
    {
        if (!_to.IsConnection)
        {
            if (transport is not null)
                _datagrams[_filled].Commit(_to, length);
        }
        else if (connections.Find(_to) is { } connection && connection.Write(_line.AsSpan(0, length)))
        {
            _written.Add(connection);
        }
    }

    /// <summary>
    /// Copies an answer from the reserved memory, which is then free for another one. The copy is valid until the next answer to a
    /// connection.
    /// </summary>
    public ReadOnlySpan<byte> SetAside(ReadOnlySpan<byte> answer)
    {
        if (answer.Length > _line.Length)
            _line = new byte[answer.Length];
        answer.CopyTo(_line);
        return _line.AsSpan(0, answer.Length);
    }

    /// <summary>Sends the collected answers.</summary>
    public void Flush()
    {
        for (var i = 0; i <= _filled && i < _datagrams.Count; i++)
            _datagrams[i].Flush();
        _filled = 0;
        while (_datagrams.Count > KeptBatches)
        {
            _datagrams[^1].Dispose();
            _datagrams.RemoveAt(_datagrams.Count - 1);
        }

        foreach (var connection in _written)
            connection.Send();
        _written.Clear();
    }

    public void Dispose()
    {
        foreach (var datagrams in _datagrams)
            datagrams.Dispose();
        _datagrams.Clear();
    }

    private IUdpSendBatch BatchFor(int size, IUdpTransport to)
    {
        if (_filled < _datagrams.Count && !_datagrams[_filled].HasRoom(size))
            _filled++;
        if (_filled == _datagrams.Count)
            _datagrams.Add(to.CreateSendBatch(sendBatch));
        return _datagrams[_filled];
    }
}
