using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Shortline.Gateway.HandOver;

/// <summary>
/// The senders that have requests for servers of one silo. Their calls are made together: see <see cref="GrainCalls"/>. Thread-safe.
/// </summary>
internal sealed class SiloCalls
{
    private readonly ConcurrentQueue<BatchSender> _ready = new();
    private readonly CallSignal _signal = new();
    private volatile SiloCalls? _successor;
    private volatile bool _isEnded;
    private int _isAwake;

    /// <summary>The ways to the silo; null if each server gets its own calls.</summary>
    public SiloPath? Path { get; init; }

    /// <summary>The servers that use it. Protected by the fleet's lock.</summary>
    public int Servers { get; set; }

    /// <summary>Whether a call to the silo is under way. Protected by the fleet's lock.</summary>
    public bool IsCalling { get; set; }

    /// <summary>Whether it is not used any more.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>Adds a sender that has requests. The caller wakes the loop when it has added all.</summary>
    public void Add(BatchSender sender)
    {
        _ready.Enqueue(sender);

        // First added, then looked: who sets a successor moves what is there after setting it.
        if (_successor is { } next)
            MoveAll(next);
    }

    /// <summary>Wakes the loop that makes the calls, on this thread, unless it is awake.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isAwake, 1) == 0)
            _signal.Set();
    }

    /// <summary>Takes the next sender.</summary>
    public bool TryTake([NotNullWhen(true)] out BatchSender? sender) => _ready.TryDequeue(out sender);

    /// <summary>Waits until there may be a sender, or until it is ended. Called by the loop only.</summary>
    public ValueTask WaitAsync()
    {
        // First asleep, then looked: who wakes it has added a sender or ended it before.
        Interlocked.Exchange(ref _isAwake, 0);
        return (_isEnded || !_ready.IsEmpty) && Interlocked.Exchange(ref _isAwake, 1) == 0 ? ValueTask.CompletedTask : _signal.WaitAsync();
    }

    /// <summary>Ends it: its call does not return, and another one makes the further calls; or the silo has no servers.</summary>
    public void End(SiloCalls? successor)
    {
        _isEnded = true;
        _successor = successor;
        Interlocked.MemoryBarrier();
        if (successor is not null)
            MoveAll(successor);
        Wake();
    }

    private void MoveAll(SiloCalls next)
    {
        while (TryTake(out var sender))
            next.Add(sender);
        next.Wake();
    }
}
