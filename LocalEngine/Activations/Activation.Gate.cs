namespace Shortline.LocalEngine;

/// <content>Which work starts when. Touched by turns only.</content>
internal sealed partial class Activation
{
    private readonly Queue<WorkItem> _waiting = new();
    private int _running;
    private int _exclusive;
    private int _readers;
    private long _lastUsed;
    private string? _latest;

    private bool IsIdle => _running == 0 && _waiting.Count == 0;

    public override void Finished(Interleaving interleaving, bool countsAsUse = true)
    {
        _running--;
        Count(interleaving, -1);
        if (countsAsUse)
        {
            _lastUsed = Silo.Now;
        }

        if (_running == 0 && _deactivation is not null)
        {
            _ = DeactivateAsync();
        }
    }

    public override Exception Lost() => Silo.Lost();

    public override string Describe() =>
        $"{_inbox.Count + _waiting.Count} waiting there, {_running} running, {_latest ?? "nothing"} started last, on {Silo.Address}";

    private void Accept(WorkItem item)
    {
        if (_stage == ActivationStage.New)
        {
            // It waits like those that come meanwhile, so that a failed activation fails it too.
            _waiting.Enqueue(item);
            _ = ActivateAsync();
        }
        else if (_stage == ActivationStage.Gone)
        {
            Reroute(item as Call);
        }
        else if (MayStart(item))
        {
            Start(item);
        }
        else
        {
            _waiting.Enqueue(item);
        }
    }

    private void StartWaiting()
    {
        while (_waiting.TryPeek(out var item) && MayStart(item))
        {
            _waiting.Dequeue();
            Start(item);
        }
    }

    private void Start(WorkItem item)
    {
        if (item.IsAbandoned)
        {
            return;
        }

        _running++;
        Count(item.Interleaving, 1);
        _latest = item.Name;
        item.Run(GrainInstance!, this);
    }

    private bool MayStart(WorkItem item)
    {
        if (_stage != ActivationStage.Active || _deactivation is not null)
        {
            return false;
        }

        return Class.IsReentrant || item.Interleaving switch
        {
            Interleaving.Always => true,
            Interleaving.ReadOnly => _exclusive == 0,
            _ => _exclusive == 0 && _readers == 0,
        };
    }

    private void Count(Interleaving interleaving, int by)
    {
        if (interleaving == Interleaving.Never)
        {
            _exclusive += by;
        }
        else if (interleaving == Interleaving.ReadOnly)
        {
            _readers += by;
        }
    }

    /// <summary>Sends a call that did not start here to where the grain is now.</summary>
    private void Reroute(Call? call)
    {
        if (call is { IsAbandoned: false } && call.Caller.TryLocate(call, this, out var target))
        {
            target.Receive(call);
        }
    }
}
