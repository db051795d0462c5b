using Orleans;
using Orleans.Core;

namespace Shortline.LocalEngine;

/// <content>From the first call to the last. Touched by turns only, unless it says otherwise.</content>
internal sealed partial class Activation
{
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<GrainTimer> _timers = [];
    private volatile ActivationStage _stage;
    private DeactivationReason? _deactivation;

    public Task Deactivated => _deactivated.Task;

    public override bool IsGone => _stage == ActivationStage.Gone || Silo.IsDead;

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default) =>
        OnTurn(() => BeginDeactivation(deactivationReason));

    /// <summary>Ends the activation if it was not used since <paramref name="limit"/>. On any thread.</summary>
    public void DeactivateIfIdleSince(long limit)
    {
        if (!Class.IsKeptAlive && Volatile.Read(ref _lastUsed) <= limit)
        {
            Enqueue(() =>
            {
                if (IsIdle && _lastUsed <= limit)
                {
                    BeginDeactivation(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "It was idle for the collection age."));
                }
            });
        }
    }

    /// <summary>The silo died: forget everything without another turn. On any thread.</summary>
    public void Abandon()
    {
        DisposeTimers();
        _deactivated.TrySetResult();
    }

    public void Add(GrainTimer timer)
    {
        lock (_timers)
        {
            _timers.Add(timer);
        }
    }

    public void Remove(GrainTimer timer)
    {
        lock (_timers)
        {
            _timers.Remove(timer);
        }
    }

    /// <summary>Ends the activation, because its grain lives on another silo now. On any thread.</summary>
    public void MoveAway() => Enqueue(() => BeginDeactivation(new DeactivationReason(DeactivationReasonCode.Migrating, "Its silo is another one now.")));

    private void OnTurn(Action action)
    {
        if (_current == this)
        {
            action();
        }
        else
        {
            Enqueue(action);
        }
    }

    private void BeginDeactivation(DeactivationReason reason)
    {
        if (_deactivation is null && _stage != ActivationStage.Gone)
        {
            _deactivation = reason;
            if (_running == 0 && _stage != ActivationStage.Activating)
            {
                _ = DeactivateAsync();
            }
        }
    }

    private async Task ActivateAsync()
    {
        _stage = ActivationStage.Activating;
        try
        {
            List<IStorage> states = [];
            _constructing = this;
            try
            {
                GrainInstance = Class.Create(this, states);
            }
            finally
            {
                _constructing = null;
            }

            foreach (var state in states)
            {
                await state.ReadStateAsync();
            }

            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnActivateAsync(CancellationToken.None);
            }

            _lastUsed = Silo.Now;
            _stage = ActivationStage.Active;
            if (_deactivation is not null)
            {
                await DeactivateAsync();
            }
        }
        catch (Exception exception)
        {
            Silo.Log.ActivationFailed(exception, GrainId);
            foreach (var call in _waiting.OfType<Call>())
            {
                call.TryFail(exception);
            }

            _waiting.Clear();
            await EndAsync();
        }
    }

    private async Task DeactivateAsync()
    {
        if (_stage is ActivationStage.Deactivating or ActivationStage.Gone)
        {
            return;
        }

        _stage = ActivationStage.Deactivating;
        DisposeTimers();
        try
        {
            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnDeactivateAsync(_deactivation!.Value, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            Silo.Log.DeactivationFailed(exception, GrainId);
        }

        await EndAsync();
    }

    private async Task EndAsync()
    {
        DisposeTimers();
        try
        {
            switch (GrainInstance)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }

            _services.Dispose();
        }
        catch (Exception exception)
        {
            Silo.Log.DeactivationFailed(exception, GrainId);
        }

        _stage = ActivationStage.Gone;
        Silo.Cluster.Remove(this);
        while (_waiting.TryDequeue(out var item))
        {
            Reroute(item as Call);
        }

        _deactivated.TrySetResult();
    }

    private void DisposeTimers()
    {
        GrainTimer[] timers;
        lock (_timers)
        {
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }
}
