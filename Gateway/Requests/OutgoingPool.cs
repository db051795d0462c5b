using Shortline.Gateway.HandOver;
using Shortline.Gateway.Tcp;
using Shortline.Gateway.Udp;

namespace Shortline.Gateway.Requests;

/// <summary>
/// Keeps <see cref="Outgoing"/>s for threads that do not have one of their own. One holds native memory and uses the socket, so one that is not
/// kept is disposed of, and after <see cref="Dispose"/> none is kept: otherwise the port would stay in use. Thread-safe.
/// </summary>
/// <param name="transport">The transport for answers to datagrams; null if there is none.</param>
/// <param name="connections">The open connections.</param>
/// <param name="sendBatch">The maximum number of datagrams sent by one system call.</param>
/// <param name="settle">See <see cref="Outgoing"/>.</param>
/// <param name="local">See <see cref="Outgoing"/>.</param>
internal sealed class OutgoingPool(
    IUdpTransport? transport, TcpConnections connections, int sendBatch, Action<Outgoing> settle, LocalWork? local = null) : IDisposable
{
    /// <summary>Threads that settle responses at once, on most machines.</summary>
    private const int Kept = 16;

    private readonly Lock _lock = new();
    private readonly Stack<Outgoing> _free = new(Kept);
    private bool _closed;

    /// <summary>Returns one. After <see cref="Dispose"/> it drops answers to datagrams, because the socket is closed.</summary>
    public Outgoing Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out var outgoing))
                return outgoing;

            // Created under the lock, so that none uses the socket after it was closed.
            return new Outgoing(new AnswerBatch(_closed ? null : transport, connections, sendBatch), local, settle);
        }
    }

    /// <summary>Takes one back that is finished.</summary>
    public void Return(Outgoing outgoing)
    {
        lock (_lock)
        {
            if (!_closed && _free.Count < Kept)
            {
                _free.Push(outgoing);
                return;
            }
        }

        outgoing.Dispose();
    }

    /// <summary>Disposes of those that nobody uses, and of the others when they are returned.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            while (_free.TryPop(out var outgoing))
                outgoing.Dispose();
        }
    }
}
