using Shortline.Gateway.Destinations;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Recovery;
using Shortline.Gateway.Tcp;

namespace Shortline.Gateway.Requests;

/// <summary>
/// Collects what follows from a batch of requests or responses, while locks are held: answers to send, servers to call, requests to move.
/// <see cref="Finish"/> does all of it after the locks are released, so that no system call and no grain call is made under a lock.
/// </summary>
/// <param name="answers">The answers.</param>
/// <param name="local">Makes the calls to servers of this process; null if there are none.</param>
/// <param name="settle">Moves requests, wakes those that wait for a server, and starts probes.</param>
internal sealed class Outgoing(AnswerBatch answers, LocalWork? local, Action<Outgoing> settle) : IDisposable
{
    private readonly List<BatchSender> _calls = [];
    private readonly List<BatchSender> _localCalls = [];

    public AnswerBatch Answers => answers;

    /// <summary>The requests that are to leave their servers.</summary>
    public Moves Moves { get; } = new();

    /// <summary>The servers to forget after that.</summary>
    public List<Destination> Leaving { get; } = [];

    /// <summary>The servers to probe.</summary>
    public List<Destination> Probes { get; } = [];

    /// <summary>Whether requests that wait for a server may find one now.</summary>
    public bool WakesWaiting { get; set; }

    /// <summary>Whether there is something to settle.</summary>
    public bool NeedsSettling => WakesWaiting || Moves.Count > 0 || Leaving.Count > 0 || Probes.Count > 0;

    /// <summary>Requests a call, unless one is already requested or under way. The caller holds the fleet's lock.</summary>
    public void Call(BatchSender sender)
    {
        if (sender.Calling)
            return;

        sender.Calling = true;
        if (sender.Destination.IsCalledDirectly)
            _localCalls.Add(sender);
        else
            _calls.Add(sender);
    }

    /// <summary>Makes the calls to servers of this process on the calling thread that are known to be short.</summary>
    public void CallHere(LocalRun here)
    {
        if (_localCalls.Count == 0)
            return;
        here.Add(_localCalls);
        here.CallAll();
    }

    /// <summary>Starts the calls, then sends the answers, so that the servers work while this thread is in the kernel.</summary>
    public void Finish()
    {
        if (NeedsSettling)
            settle(this);

        if (_localCalls.Count > 0)
        {
            local!.Add(_localCalls);
            _localCalls.Clear();
        }

        // All are added before one is woken, so that those of one silo leave together.
        foreach (var sender in _calls)
            sender.Silo!.Add(sender);
        foreach (var sender in _calls)
            sender.Silo!.Wake();
        _calls.Clear();
        answers.Flush();
    }

    public void Dispose() => answers.Dispose();
}
