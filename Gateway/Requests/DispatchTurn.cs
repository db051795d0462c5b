using Shortline.Gateway.Tcp;

namespace Shortline.Gateway.Requests;

/// <summary>
/// Collects the effects of one batch of requests or responses: answers to send and servers to call. They are collected while the
/// dispatcher's lock is held. <see cref="Finish"/> executes them after the lock is released, so that no system call and no grain call is
/// made under the lock.
/// </summary>
/// <param name="replies">The answers.</param>
/// <param name="local">Makes the calls to servers of this process; null if there are none.</param>
internal sealed class DispatchTurn(AnswerBatch replies, LocalWork? local) : IDisposable
{
    private readonly List<CallLane> _calls = [];
    private readonly List<(ServerLink Link, CallLane Lane)> _localCalls = [];

    public AnswerBatch Replies => replies;

    /// <summary>Requests a call to the server of a link, unless one is already requested or under way.</summary>
    public void Call(ServerLink link)
    {
        if (link.Lane.Calling)
            return;

        link.Lane.Calling = true;
        if (link.IsCalledDirectly)
            _localCalls.Add((link, link.Lane));
        else
            _calls.Add(link.Lane);
    }

    /// <summary>Makes the calls to servers of this process on the calling thread, if their handlers are known to be fast.</summary>
    public void CallHere(LocalRun here)
    {
        if (_localCalls.Count == 0 || !here.MayCall(_localCalls))
            return;
        here.CallAll(_localCalls);
        _localCalls.Clear();
    }

    /// <summary>Starts the calls, then sends the answers, so that the servers work while this thread is in the kernel.</summary>
    public void Finish()
    {
        if (_localCalls.Count > 0)
        {
            local!.Add(_localCalls);
            _localCalls.Clear();
        }

        foreach (var lane in _calls)
        {
            lane.Signal.Set();
        }

        _calls.Clear();
        replies.Flush();
    }

    public void Dispose() => replies.Dispose();
}
