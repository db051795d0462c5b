using Microsoft.Extensions.ObjectPool;

namespace Shortline.Gateway;

/// <summary>
/// What one batch of requests or responses leads to: answers to send and servers to call. Collected under the dispatcher's lock,
/// carried out by <see cref="Finish"/> after it is released, so that no system call and no grain call is made under the lock.
/// </summary>
internal sealed class DispatchTurn(AnswerBatch replies) : IDisposable
{
    private readonly List<CallLane> _calls = [];

    public AnswerBatch Replies => replies;

    /// <summary>Makes the link call its server once the lock is released, unless it does so already.</summary>
    public void Call(ServerLink link)
    {
        if (!link.Lane.Calling)
        {
            link.Lane.Calling = true;
            _calls.Add(link.Lane);
        }
    }

    /// <summary>Makes the calls, then sends the replies: the servers can work while this thread is in the kernel.</summary>
    public void Finish()
    {
        foreach (var lane in _calls)
        {
            lane.Signal.Set();
        }

        _calls.Clear();
        replies.Flush();
    }

    public void Dispose() => replies.Dispose();
}

/// <summary>Turns for threads that have none of their own.</summary>
internal sealed class DispatchTurnPolicy(IUdpTransport? transport, TcpConnections connections, int sendBatch) : PooledObjectPolicy<DispatchTurn>
{
    public override DispatchTurn Create() => new(new AnswerBatch(transport?.CreateSendBatch(sendBatch), connections));

    public override bool Return(DispatchTurn obj) => true;
}
