using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>An observer in another process.</summary>
internal sealed class RemoteObserver(ClusterNetwork network, string process, GrainId id) : CallTarget
{
    public string Process => process;

    public override Party? Owner => null;

    public override bool IsObserver => true;

    /// <summary>Its process may come back, over another connection.</summary>
    public override bool IsGone => false;

    public override void Receive(Call call)
    {
        call.Target = this;
        if (network.ConnectionTo(process)?.TrySend(call) != true)
        {
            call.TryFail(Lost());
        }
    }

    public override void Finished(Interleaving interleaving, bool countsAsUse = true) =>
        throw new InvalidOperationException("Nothing runs here.");

    public override Exception Lost() => new ClientNotAvailableException($"Observer {id} is gone: its process is not connected.");

    public override string Describe() => "sent to an observer in another process";
}
