using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>A grain on a silo of another process, as far as is known.</summary>
internal sealed class RemoteTarget(RemoteSilo silo, GrainId grainId) : CallTarget
{
    private volatile bool _hasMoved;

    public RemoteSilo Silo => silo;

    public override Party? Owner => null;

    public override bool IsGone => _hasMoved || silo.IsGone;

    /// <summary>The silo said that it lives elsewhere.</summary>
    public void HasMoved() => _hasMoved = true;

    public override void Receive(Call call)
    {
        call.Target = this;
        if (!silo.Connection.TrySend(call))
        {
            silo.SendElsewhere(call);
        }
    }

    public override void Finished(Interleaving interleaving, bool countsAsUse = true) =>
        throw new InvalidOperationException("Nothing runs here.");

    public override Exception Lost() => new SiloUnavailableException(
        $"Silo {silo.Name} ({silo.Address}) is gone. Whether the call of {grainId} ran is unknown.");

    public override string Describe() => $"sent to silo {silo.Name} ({silo.Address})";
}
