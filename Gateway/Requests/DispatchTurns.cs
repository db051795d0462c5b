using Shortline.Gateway.Tcp;
using Shortline.Gateway.Udp;

namespace Shortline.Gateway.Requests;

/// <summary>
/// Turns for threads that do not have one of their own. A turn holds native memory and uses the socket, so one that is not kept is disposed
/// of, and after <see cref="Dispose"/> none is kept: otherwise the port would stay in use. Thread-safe.
/// </summary>
internal sealed class DispatchTurns(IUdpTransport? transport, TcpConnections connections, int sendBatch, LocalWork? local = null) : IDisposable
{
    /// <summary>Threads that settle responses at once, on most machines.</summary>
    private const int Kept = 16;

    private readonly Lock _lock = new();
    private readonly Stack<DispatchTurn> _free = new(Kept);
    private bool _closed;

    /// <summary>Returns a turn. After <see cref="Dispose"/> it drops answers to datagrams, because the socket is closed.</summary>
    public DispatchTurn Get()
    {
        lock (_lock)
        {
            if (_free.TryPop(out var turn))
                return turn;

            // Created under the lock, so that none uses the socket after it was closed.
            return new DispatchTurn(new AnswerBatch(_closed ? null : transport, connections, sendBatch), local);
        }
    }

    /// <summary>Takes a turn back that is finished.</summary>
    public void Return(DispatchTurn turn)
    {
        lock (_lock)
        {
            if (!_closed && _free.Count < Kept)
            {
                _free.Push(turn);
                return;
            }
        }

        turn.Dispose();
    }

    /// <summary>Disposes of the turns that nobody uses, and of the others when they are returned.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            while (_free.TryPop(out var turn))
                turn.Dispose();
        }
    }
}
